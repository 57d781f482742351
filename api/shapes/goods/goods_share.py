"""Carriage against the value of the goods, on the wire."""

from pydantic import BaseModel, Field

from pooling.goods.goods_share import GoodsShare


class GoodsShareShown(BaseModel):
    """What carriage is of the value of the goods."""

    percent: int = Field(description="Of their value, percent.", examples=[18])
    target_percent: int = Field(
        description="What it should be at most: 15, or what the community of the ride has said.",
        examples=[15],
    )
    above: bool = Field(description="Whether it is more than that.", examples=[True])


def goods_share_shown(one: GoodsShare | None) -> GoodsShareShown | None:
    if one is None:
        return None
    return GoodsShareShown(percent=one.percent, target_percent=one.target_percent, above=one.above)
