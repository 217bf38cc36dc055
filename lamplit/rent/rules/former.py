"""What stands in the former-tenant book once a tenancy has ended. Pure."""


def to_move(*, over: bool, rent_pence: int, former_pence: int, moved_pence: int) -> int:
    """Return what goes from the rent book to that of former tenants now; below nought, back.

    What is owed at the end goes there, and what comes in later pays it. `moved_pence`: what was moved for that reason and stands
    there; it goes back when the tenancy is not over after all. Money that she is ahead stays where it is: it is hers.
    """
    if not over:
        return -max(moved_pence, 0)
    return rent_pence if rent_pence > 0 else max(rent_pence, -max(former_pence, 0))
