"""What an accelerator is."""

from typing import Literal

from pydantic import Field

from calculator.base import GB, GIB, TERA, Frozen

Kind = Literal["datacenter", "workstation", "consumer", "apple", "accelerator", "cpu"]
Mode = Literal["local", "cloud", "hybrid", "api"]
ComputeDtype = Literal["fp16", "bf16", "fp8", "int8", "fp4"]

PCIE_BYTES_PER_S_PER_LANE = {"3.0": 0.985e9, "4.0": 1.969e9, "5.0": 3.938e9}
"""One direction, one lane, after the 128b/130b code (PCI-SIG)."""
REPORTED_SHARE = {"consumer": 0.98, "workstation": 0.98, "apple": 0.75, "cpu": 0.95}
"""Share of the label that is usable where no driver's figure is known: GeForce and workstation cards show 98 %, macOS
lends the GPU about 75 % of unified memory, a server keeps a little for itself; anything else 97 %."""


class GpuSpec(Frozen):
    """One accelerator: what its data sheet says. A figure that no source states is None and never guessed."""

    key: str
    """Name in the catalog: `h100-sxm`."""
    display_name: str
    """Name for people: `H100 SXM5 80GB`."""
    aliases: tuple[str, ...] = ()
    """Other ways to write it."""
    kind: Kind
    """What market it is made for; decides the default mode."""
    vendor: str
    """Who makes it."""
    architecture: str
    """Generation: `Hopper`, `CDNA3`."""
    memory_label_gb: float
    """The number on the box; counted in GiB like the chips, whatever the box says."""
    reported_gib: float | None = None
    """Memory that the driver reports, where published."""
    bandwidth_bytes_per_s: float
    """Peak memory bandwidth."""
    peak_flops: dict[ComputeDtype, float] = Field(default_factory=dict)
    """Dense peak per compute type, operations per second. Never the sparse figure."""
    tdp_w: float | None = None
    """Board power."""
    link_bidir_bytes_per_s: float | None = None
    """Link between accelerators, both directions together, where it has one beside PCIe."""
    link_type: str | None = None
    """`NVLink 4`, `Infinity Fabric`, `PCIe`, ..."""
    pcie: str | None = None
    """Generation and lanes: `5.0 x16`."""
    form_factor: str | None = None
    """`SXM5`, `PCIe dual-slot`, `OAM`, ..."""
    launch_year: int | None = None
    """Year of launch."""
    purchase_price_usd: float | None = None
    """Price of one card."""
    price_basis: str | None = None
    """Where that price is from."""
    sources: str | None = None
    """Field by field, who says so."""
    notes: str | None = None
    """What to know when comparing with other tables."""

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def memory_label_bytes(self) -> float:
        """The label in bytes."""
        return self.memory_label_gb * GIB

    @property
    def reported_bytes(self) -> float:
        """Memory that the driver offers: published, or derived from the label (see REPORTED_SHARE)."""
        if self.reported_gib is not None:
            return self.reported_gib * GIB
        return self.memory_label_bytes * REPORTED_SHARE.get(self.kind, 0.97)

    @property
    def reported_basis(self) -> Literal["published", "derived"]:
        """Where `reported_bytes` comes from."""
        return "derived" if self.reported_gib is None else "published"

    @property
    def default_mode(self) -> Mode:
        """Consumer, workstation and Apple hardware is local by default, the rest is rented."""
        return "local" if self.kind in {"consumer", "workstation", "apple"} else "cloud"

    @property
    def link_bytes_per_s(self) -> float | None:
        """Bandwidth between neighbours, both directions together; over PCIe where there is no other link."""
        if self.link_bidir_bytes_per_s is not None:
            return self.link_bidir_bytes_per_s
        return self.pcie_bytes_per_s

    @property
    def pcie_bytes_per_s(self) -> float | None:
        """PCIe, both directions together."""
        generation, _, lanes = (self.pcie or "").partition(" x")
        per_lane = PCIE_BYTES_PER_S_PER_LANE.get(generation)
        return 2 * per_lane * int(lanes) if per_lane and lanes else None

    @property
    def link_spans(self) -> int:
        """Accelerators that the fast link joins: a bridge joins two, a switch or mesh all of a server and more."""
        return 2 if "bridge" in (self.link_type or "") else 1024

    @property
    def link_is_pcie(self) -> bool:
        """Whether accelerators talk over PCIe only."""
        return self.link_bidir_bytes_per_s is None

    def peak(self, dtype: ComputeDtype) -> float | None:
        """Dense peak for this compute type; 16-bit types stand in for each other (T4 and V100 have no bf16)."""
        twin: dict[ComputeDtype, ComputeDtype] = {"bf16": "fp16", "fp16": "bf16"}
        return self.peak_flops.get(dtype) or (self.peak_flops.get(twin[dtype]) if dtype in twin else None)


def from_datasheet(key: str, sheet: dict[str, object]) -> GpuSpec:
    """A spec from a block in data sheet units (GB/s, TFLOPS, GB): the block's other keys carry over as they are."""
    block = dict(sheet)
    peaks = block.pop("dense_tflops", {})
    assert isinstance(peaks, dict)
    link = block.pop("link_gb_s_bidir", None)
    memory, bandwidth = block.pop("memory_gb"), block.pop("bandwidth_gb_s")
    return GpuSpec.model_validate(
        block
        | {
            "key": key,
            "memory_label_gb": memory,
            "bandwidth_bytes_per_s": _scaled(bandwidth, GB),
            "peak_flops": {dtype: _scaled(value, TERA) for dtype, value in peaks.items()},
            "link_bidir_bytes_per_s": None if link is None else _scaled(link, GB),
        }
    )


def _scaled(value: object, unit: int) -> float:
    return float(str(value)) * unit
