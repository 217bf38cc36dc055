import pytest

from lamplit.basics.phone_email import is_mobile, read_email, read_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700-900123", "+447700900123"),
        ("020 7946 0018", "+442079460018"),
        ("(0121) 496 0123", "+441214960123"),
        ("0169 772345", "+44169772345"),  # some UK numbers have nine digits
        ("+353 1 496 0123", "+35314960123"),
    ],
)
def test_numbers_are_kept_in_one_spelling(typed, kept):
    assert read_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "12345", "07700 90012", "07700 9001234", "seven", "+0 123 456 789", "01234 56789o"])
def test_what_is_no_number_is_not_kept(typed):
    assert read_phone(typed) is None


@pytest.mark.parametrize(
    ("phone", "texts"),
    [
        ("+447700900123", True),
        ("+442079460018", False),
        ("+447000900123", False),
        ("+447600900123", False),
        ("+35314960123", True),
    ],
)
def test_only_mobiles_take_texts(phone, texts):
    assert is_mobile(phone) is texts


def test_an_address_keeps_its_name_and_lowers_its_domain():
    assert read_email(" Mary.Okafor@Example.COM ") == "Mary.Okafor@example.com"
    assert read_email("o'neill+home@mail.example.co.uk") == "o'neill+home@mail.example.co.uk"


@pytest.mark.parametrize(
    "typed",
    ["mary", "mary@", "@example.com", "mary@example", "a b@example.com", "a@b..com", "a@b.c0m2", "x" * 250 + "@example.com"],
)
def test_what_is_no_address_is_not_kept(typed):
    assert read_email(typed) is None
