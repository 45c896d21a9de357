"""The data sets of a member; DATA_SETS is the only list of them."""

from .address import ADDRESS
from .base import DataSet
from .contact import CONTACT
from .master import MASTER
from .payment import PAYMENT

# In the order of the overview.
DATA_SETS: dict[str, DataSet] = {data_set.slug: data_set for data_set in (CONTACT, ADDRESS, MASTER, PAYMENT)}
