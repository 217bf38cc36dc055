"""The cast of the tests is what its description says."""

from lamplit.homes.models import Home
from lamplit.people.models import Person
from lamplit.tenancies.models import Member
from tests import cast
from tests.landlord import Landlord


def test_it_settles_once(landlord: Landlord) -> None:
    cast.settle()
    cast.settle()  # the same command: nothing is written again
    assert landlord.seal() == len(cast.opening())
    assert {home.address[0] for home in Home.objects.all()} == {"2 Ember Rise", "5 Ember Rise", "8 Ember Rise"}
    assert Person.objects.get(id=cast.RUTH).name == "Ruth Adeyemi"
    assert {member.person for member in Member.objects.filter(tenancy=cast.RUTHS_TENANCY)} == {cast.RUTH, cast.MIA}


def test_its_ids_have_the_usual_shape() -> None:
    ids = {value for name, value in vars(cast).items() if name.isupper() and isinstance(value, str)}
    assert {len(value) for value in ids} == {22}
