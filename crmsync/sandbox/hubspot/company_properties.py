"""The company properties of a fresh portal that a sync tool meets.

Names, types and options: developers.hubspot.com, default properties, and recordings (read 2026-11).
"""

from __future__ import annotations

from crmsync.sandbox.hubspot.contact_properties import (
    LEAD_STATUS,
    LIFECYCLE,
    LIFECYCLE_LABELS,
    SOURCES,
)
from crmsync.sandbox.hubspot.definitions import (
    Definition,
    asked_for,
    native,
    options,
    sync_key,
)
from crmsync.sandbox.hubspot.stage_times import stage_definitions

GROUP = "companyinformation"

_INDUSTRIES = """
ACCOUNTING AIRLINES_AVIATION ALTERNATIVE_DISPUTE_RESOLUTION ALTERNATIVE_MEDICINE ANIMATION
APPAREL_FASHION ARCHITECTURE_PLANNING ARTS_AND_CRAFTS AUTOMOTIVE AVIATION_AEROSPACE BANKING
BIOTECHNOLOGY BROADCAST_MEDIA BUILDING_MATERIALS BUSINESS_SUPPLIES_AND_EQUIPMENT CAPITAL_MARKETS
CHEMICALS CIVIC_SOCIAL_ORGANIZATION CIVIL_ENGINEERING COMMERCIAL_REAL_ESTATE
COMPUTER_NETWORK_SECURITY COMPUTER_GAMES COMPUTER_HARDWARE COMPUTER_NETWORKING COMPUTER_SOFTWARE
INTERNET CONSTRUCTION CONSUMER_ELECTRONICS CONSUMER_GOODS CONSUMER_SERVICES COSMETICS DAIRY
DEFENSE_SPACE DESIGN EDUCATION_MANAGEMENT E_LEARNING ELECTRICAL_ELECTRONIC_MANUFACTURING
ENTERTAINMENT ENVIRONMENTAL_SERVICES EVENTS_SERVICES EXECUTIVE_OFFICE FACILITIES_SERVICES FARMING
FINANCIAL_SERVICES FINE_ART FISHERY FOOD_BEVERAGES FOOD_PRODUCTION FUND_RAISING FURNITURE
GAMBLING_CASINOS GLASS_CERAMICS_CONCRETE GOVERNMENT_ADMINISTRATION GOVERNMENT_RELATIONS
GRAPHIC_DESIGN HEALTH_WELLNESS_AND_FITNESS HIGHER_EDUCATION HOSPITAL_HEALTH_CARE HOSPITALITY
HUMAN_RESOURCES IMPORT_AND_EXPORT INDIVIDUAL_FAMILY_SERVICES INDUSTRIAL_AUTOMATION
INFORMATION_SERVICES INFORMATION_TECHNOLOGY_AND_SERVICES INSURANCE INTERNATIONAL_AFFAIRS
INTERNATIONAL_TRADE_AND_DEVELOPMENT INVESTMENT_BANKING INVESTMENT_MANAGEMENT JUDICIARY
LAW_ENFORCEMENT LAW_PRACTICE LEGAL_SERVICES LEGISLATIVE_OFFICE LEISURE_TRAVEL_TOURISM LIBRARIES
LOGISTICS_AND_SUPPLY_CHAIN LUXURY_GOODS_JEWELRY MACHINERY MANAGEMENT_CONSULTING MARITIME
MARKET_RESEARCH MARKETING_AND_ADVERTISING MECHANICAL_OR_INDUSTRIAL_ENGINEERING MEDIA_PRODUCTION
MEDICAL_DEVICES MEDICAL_PRACTICE MENTAL_HEALTH_CARE MILITARY MINING_METALS
MOTION_PICTURES_AND_FILM MUSEUMS_AND_INSTITUTIONS MUSIC NANOTECHNOLOGY NEWSPAPERS
NON_PROFIT_ORGANIZATION_MANAGEMENT OIL_ENERGY ONLINE_MEDIA OUTSOURCING_OFFSHORING
PACKAGE_FREIGHT_DELIVERY PACKAGING_AND_CONTAINERS PAPER_FOREST_PRODUCTS PERFORMING_ARTS
PHARMACEUTICALS PHILANTHROPY PHOTOGRAPHY PLASTICS POLITICAL_ORGANIZATION
PRIMARY_SECONDARY_EDUCATION PRINTING PROFESSIONAL_TRAINING_COACHING PROGRAM_DEVELOPMENT
PUBLIC_POLICY PUBLIC_RELATIONS_AND_COMMUNICATIONS PUBLIC_SAFETY PUBLISHING RAILROAD_MANUFACTURE
RANCHING REAL_ESTATE RECREATIONAL_FACILITIES_AND_SERVICES RELIGIOUS_INSTITUTIONS
RENEWABLES_ENVIRONMENT RESEARCH RESTAURANTS RETAIL SECURITY_AND_INVESTIGATIONS SEMICONDUCTORS
SHIPBUILDING SPORTING_GOODS SPORTS STAFFING_AND_RECRUITING SUPERMARKETS TELECOMMUNICATIONS
TEXTILES THINK_TANKS TOBACCO TRANSLATION_AND_LOCALIZATION TRANSPORTATION_TRUCKING_RAILROAD
UTILITIES VENTURE_CAPITAL_PRIVATE_EQUITY VETERINARY WAREHOUSING WHOLESALE WINE_AND_SPIRITS
WIRELESS WRITING_AND_EDITING
"""

_CHOICES = {
    "industry": options(*_INDUSTRIES.split()),
    "type": options("PROSPECT", "PARTNER", "RESELLER", "VENDOR", "OTHER"),
    "lifecyclestage": options(*LIFECYCLE, labels=LIFECYCLE_LABELS),
    "hs_lead_status": options(*LEAD_STATUS),
    "hs_analytics_source": options(*SOURCES),
    "hs_target_account": options("tier_1", "tier_2", "tier_3"),
}

_LINES = """
name | string | text | | Company name
domain | string | text | | Company Domain Name
website | string | text | | Website URL
phone | string | phonenumber | | Phone Number
address | string | text | | Street Address
address2 | string | text | | Street Address 2
city | string | text | | City
state | string | text | | State/Region
zip | string | text | | Postal Code
country | string | text | | Country/Region
hs_country_code | string | text | | Country/Region Code
timezone | string | text | | Time Zone
industry | enumeration | select | | Industry
type | enumeration | select | | Type
numberofemployees | number | number | | Number of Employees
annualrevenue | number | number | | Annual Revenue
description | string | textarea | | Description
about_us | string | textarea | | About Us
founded_year | string | text | | Year Founded
is_public | bool | booleancheckbox | | Is Public
linkedin_company_page | string | text | | LinkedIn Company Page
linkedinbio | string | text | | LinkedIn Bio
twitterhandle | string | text | | Twitter Handle
facebook_company_page | string | text | | Facebook Company Page
lifecyclestage | enumeration | radio | | Lifecycle Stage
hs_lead_status | enumeration | radio | | Lead Status
hs_target_account | enumeration | radio | | Target Account
hs_is_target_account | bool | booleancheckbox | | Target Account
hubspot_owner_id | enumeration | select | ext | Company owner
hubspot_owner_assigneddate | datetime | date | ro | Owner Assigned Date
hs_parent_company_id | number | number | ro | Parent Company
hs_num_child_companies | number | number | ro calc | Number of child companies
hs_analytics_source | enumeration | select | ro | Original Traffic Source
hs_analytics_source_data_1 | string | text | ro | Original Traffic Source Drill-Down 1
hs_analytics_source_data_2 | string | text | ro | Original Traffic Source Drill-Down 2
hs_v2_date_entered_current_stage | datetime | date | ro | Date entered current stage
hs_num_open_deals | number | number | ro calc | Number of open deals
hs_pipeline | enumeration | select | ext ro | Pipeline
hs_merged_object_ids | enumeration | checkbox | ro | Merged record IDs
hs_object_source | string | text | ro | Record source
hs_object_source_id | string | text | ro | Record source ID
hs_object_source_label | string | text | ro | Record source
hs_additional_domains | string | text | | Additional Domains
num_associated_contacts | number | number | ro calc | Number of Associated Contacts
num_associated_deals | number | number | ro calc | Number of Associated Deals
notes_last_contacted | datetime | date | ro | Last Contacted
notes_last_updated | datetime | date | ro | Last Activity Date
num_contacted_notes | number | number | ro | Number of times contacted
num_notes | number | number | ro | Number of Sales Activities
closedate | datetime | date | | Close Date
salesforceaccountid | string | text | | Salesforce Account ID
salesforcelastsynctime | datetime | date | ro | Last Salesforce Sync Time
createdate | datetime | date | ro | Create Date
hs_lastmodifieddate | datetime | date | ro | Last Modified Date
hs_object_id | number | number | ro | Record ID
"""


def company_properties() -> list[Definition]:
    """Every company property of a fresh portal, then a custom one, the sync key last."""
    tax_id = asked_for(GROUP, "tax_id", "string", "text", label="Tax ID")
    stages = stage_definitions(GROUP, zip(LIFECYCLE, LIFECYCLE_LABELS, strict=True))
    return [*native(GROUP, _LINES, _CHOICES), *stages, tax_id, sync_key(GROUP)]
