"""What carriage is of the value of the goods, and from where on it is flagged: 15 %, or a community's own."""

from dataclasses import dataclass

from pooling.figures import TARGET_SHARE_OF_GOODS


@dataclass(frozen=True)
class GoodsShare:
    """Hold carriage as a share of the value of the goods, in percent half up, beside the target."""

    percent: int
    target_percent: int
    above: bool


def above_target(
    carriage_cents: int, goods_cents: int, target_percent: int = TARGET_SHARE_OF_GOODS.value
) -> bool:
    """Tell whether carriage costs more than the target share of goods whose value is known."""
    return 0 < goods_cents * target_percent < 100 * carriage_cents


def goods_share(
    carriage_cents: int | None, goods_cents: int, target_percent: int | None = None
) -> GoodsShare | None:
    """Hold carriage against the goods; ``None`` where a price or their value is not known."""
    if carriage_cents is None or goods_cents <= 0:
        return None
    target = TARGET_SHARE_OF_GOODS.value if target_percent is None else target_percent
    percent = (200 * carriage_cents + goods_cents) // (2 * goods_cents)
    return GoodsShare(percent, target, above_target(carriage_cents, goods_cents, target))
