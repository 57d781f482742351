"""Letters to people and posts to programs: how they are worded, how they travel, the links in them."""
