// The emoji a bot of this kind uses; others stay as :name:.

const KNOWN = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", white_check_mark: "✅", heavy_check_mark: "✔️",
  ballot_box_with_check: "☑️", x: "❌", no_entry: "⛔", no_entry_sign: "🚫", warning: "⚠️", rotating_light: "🚨",
  information_source: "ℹ️", question: "❓", bulb: "💡", bar_chart: "📊", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", moneybag: "💰", money_with_wings: "💸", dollar: "💵", coin: "🪙", zap: "⚡",
  rocket: "🚀", stopwatch: "⏱️", hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", clock3: "🕒",
  calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️", bell: "🔔", no_bell: "🔕", memo: "📝", clipboard: "📋",
  paperclip: "📎", link: "🔗", mag: "🔍", mag_right: "🔎", gear: "⚙️", wrench: "🔧", hammer_and_wrench: "🛠️",
  package: "📦", floppy_disk: "💾", desktop_computer: "🖥️", computer: "💻", cloud: "☁️", robot_face: "🤖", brain: "🧠",
  scales: "⚖️", balance_scale: "⚖️", trophy: "🏆", first_place_medal: "🥇", second_place_medal: "🥈",
  third_place_medal: "🥉", star: "⭐", sparkles: "✨", fire: "🔥", tada: "🎉", wave: "👋", eyes: "👀", pushpin: "📌",
  arrow_right: "➡️", arrow_up: "⬆️", arrow_down: "⬇️", arrows_counterclockwise: "🔄", repeat: "🔁", lock: "🔒",
  unlock: "🔓", key: "🔑", white_circle: "⚪", black_circle: "⚫", red_circle: "🔴", large_green_circle: "🟢",
  large_yellow_circle: "🟡", large_orange_circle: "🟠", large_blue_circle: "🔵", green_heart: "💚", heart: "❤️",
  smile: "😄", slightly_smiling_face: "🙂", thinking_face: "🤔", ok: "🆗", new: "🆕", abacus: "🧮", label: "🏷️",
  house: "🏠", speech_balloon: "💬", wastebasket: "🗑️", pencil2: "✏️", inbox_tray: "📥", outbox_tray: "📤", books: "📚",
};

export function emoji(name) {
  return document.createTextNode(KNOWN[name] || `:${name}:`);
}
