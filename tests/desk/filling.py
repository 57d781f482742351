"""Bodies made from the examples of the OpenAPI document, about real objects."""


def filled(schema, document, ids, name="", *, whole=False):
    """
    Make a value from the examples of a schema; every id becomes that of somebody else's object.

    Only what must be sent, or ``whole``: every field that has an example.
    """
    if "$ref" in schema:
        inner = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return filled(inner, document, ids, name, whole=whole)
    if name in ids:
        return ids[name]
    if schema.get("type") == "object" or "properties" in schema:
        known = schema.get("properties", {})
        wanted = list(known) if whole else schema.get("required", [])
        return {field: filled(known[field], document, ids, field, whole=whole) for field in wanted}
    if schema.get("examples"):
        return schema["examples"][0]
    if "allOf" in schema or "anyOf" in schema:
        return filled((schema.get("allOf") or schema["anyOf"])[0], document, ids, name, whole=whole)
    if schema.get("type") == "array":
        return [filled(schema["items"], document, ids, name, whole=whole)]
    return schema.get("enum", [schema.get("default")])[0]
