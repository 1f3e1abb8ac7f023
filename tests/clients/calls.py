"""The calls of a journey: a list of tools with arguments, which may point into earlier answers."""


def resolved(arguments, answers):
    """`"$list_invoices.records.0.id"` becomes what stands there in the answer of `list_invoices`."""
    return {name: follow(value, answers) for name, value in arguments.items()}


def follow(value, answers):
    if not (isinstance(value, str) and value.startswith("$")):
        return value
    place = answers
    for step in value[1:].split("."):
        place = place[int(step) if isinstance(place, list) else step]
    return place
