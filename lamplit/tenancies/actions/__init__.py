"""What can be done with tenancies and households."""

from lamplit.tenancies.actions.importing import TenancyRow, import_tenancies
from lamplit.tenancies.actions.living import end_tenancy, join_household, leave_household, start_tenancy

__all__ = ["TenancyRow", "end_tenancy", "import_tenancies", "join_household", "leave_household", "start_tenancy"]
