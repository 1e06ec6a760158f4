"""The statements behind the usage of deployments: put in, summed up, rolled up."""

COLUMNS = ("requests", "input_tokens", "output_tokens", "requests_with_tokens", "running", "waiting", "kv_share",
            "ttft_p95_s", "tpot_p95_s", "latency_p95_s")  # fmt: skip
MEASURED = tuple(name for name in COLUMNS if name != "requests_with_tokens")
ADDED, _AVERAGED = COLUMNS[:3], COLUMNS[4:]
PUT = f"""
    INSERT INTO usage_hours (deployment_id, hour, {", ".join(COLUMNS)}, seen)
    VALUES (:deployment_id, :hour, {", ".join(f":{name}" for name in COLUMNS)}, :seen)
    ON CONFLICT (deployment_id, hour) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS, "seen"))}
    WHERE excluded.seen = 'csv' OR usage_hours.seen = 'prometheus'"""  # noqa: S608 - our own column names
"""What a person imported stays; what was fetched is fetched anew."""
KNOWN = "(requests IS NOT NULL OR output_tokens IS NOT NULL OR running IS NOT NULL)"
_INPUT, _OUTPUT = (
    "sum(iif(output_tokens IS NULL, NULL, input_tokens))",
    "sum(iif(input_tokens IS NULL, NULL, output_tokens))",
)
"""Tokens of the hours that count both kinds: planned lengths stand in for the others."""
_SUMS = f"""
    SELECT piece.key AS key, {{hours}} AS hours, sum(requests) AS requests, {_INPUT} AS input_tokens,
        {_OUTPUT} AS output_tokens, total(requests_with_tokens) AS requests_with_tokens, {{peak}} AS peak_requests,
        sum(kv_share * {{weight}}) / sum(iif(kv_share IS NULL, 0, {{weight}})) AS kv_share,
        sum(ttft_p95_s * {{weight}}) / sum(iif(ttft_p95_s IS NULL, 0, {{weight}})) AS ttft_p95_s,
        sum(latency_p95_s * {{weight}}) / sum(iif(latency_p95_s IS NULL, 0, {{weight}})) AS latency_p95_s
    FROM json_each(:pieces) AS piece
    JOIN {{table}} ON deployment_id = json_extract(piece.value, '$[0]') AND hour >= json_extract(piece.value, '$[1]')
        AND hour <= json_extract(piece.value, '$[2]') - {{length}}
    {{which}} GROUP BY piece.key"""  # noqa: S608 - our own words
_PEAK = "coalesce(peak_requests, requests / hours)"
HOURLY = _SUMS.format(
    table="usage_hours", hours="count(*)", weight="1", peak="max(requests)", length="1", which=f"WHERE {KNOWN}"
)
DAILY = _SUMS.format(
    table="usage_days", hours="sum(hours)", weight="hours", peak=f"max({_PEAK})", length="24", which=""
)
"""The days that lie within."""
EDGES = f"""
    SELECT piece.key AS key, usage_days.hour AS day, which, hours, requests, input_tokens, output_tokens, requests_with_tokens,
        {_PEAK} AS peak_requests, kv_share, ttft_p95_s, latency_p95_s
    FROM json_each(:edges) AS piece
    JOIN usage_days ON deployment_id = json_extract(piece.value, '$[0]') AND usage_days.hour = json_extract(piece.value, '$[1]')"""  # noqa: S608 - our own words
"""The days that lie within in part."""
FULL_DAY = "DELETE FROM usage_days WHERE deployment_id = ? AND hour = ?"
COUNTED = "SELECT which FROM usage_days WHERE deployment_id = ? AND hour = ?"
_AVERAGES = ", ".join(f"avg({name})" for name in _AVERAGED)
_MERGED_SUMS = ", ".join(f"{name} = coalesce({name} + excluded.{name}, {name}, excluded.{name})" for name in ADDED)
_MERGED_AVERAGES = ", ".join(
    f"{name} = coalesce(({name} * hours + excluded.{name} * excluded.hours) / (hours + excluded.hours), {name}, excluded.{name})"
    for name in _AVERAGED
)
ROLL_UP = f"""
    INSERT INTO usage_days (deployment_id, hour, {", ".join(COLUMNS)}, hours, peak_requests, which)
    SELECT deployment_id, hour - hour % 24, sum(requests), {_INPUT}, {_OUTPUT}, total(requests_with_tokens), {_AVERAGES},
        count(*), max(requests), sum(1 << (hour % 24))
    FROM usage_hours INDEXED BY usage_hours_by_age WHERE hour < :before AND {KNOWN} GROUP BY deployment_id, hour - hour % 24
    ON CONFLICT (deployment_id, hour) DO UPDATE SET {_MERGED_SUMS}, {_MERGED_AVERAGES},
        peak_requests = coalesce(max(peak_requests, excluded.peak_requests), peak_requests, excluded.peak_requests),
        requests_with_tokens = requests_with_tokens + excluded.requests_with_tokens, hours = hours + excluded.hours,
        which = which | excluded.which"""  # noqa: S608 - our own words
