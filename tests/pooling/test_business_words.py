"""What papers name a business by: the allowed first, then nonsense."""

import pytest

from geodata.refusal import Refusal
from pooling.people.business_words import must_be_address, must_be_siren


@pytest.mark.parametrize("siren", ["", "552100554", "732829320", "005520135"])
def test_a_siren_bears_its_check_figure(siren):
    must_be_siren(siren)


@pytest.mark.parametrize("siren", ["000000000", "552100555", "525100554", "123456789"])
def test_figures_that_no_register_gives_out_are_no_siren(siren):
    with pytest.raises(Refusal) as refused:
        must_be_siren(siren)
    assert refused.value.code == "siren_unreadable"


@pytest.mark.parametrize("address", ["", "1 rue Haute, 06320 La Turbie", "Menton"])
def test_an_address_can_be_found(address):
    must_be_address(address)


@pytest.mark.parametrize("address", ["x", " - ", "1, 2"])
def test_an_address_of_a_letter_is_none(address):
    with pytest.raises(Refusal) as refused:
        must_be_address(address)
    assert refused.value.code == "address_unreadable"
