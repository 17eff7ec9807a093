"""Headers of exports by native field: Salesforce's report columns and HubSpot's property labels, English and Spanish.

`Native=Label|Other label; ...`, an object each. Where a label was seen is said above it; what is not said to be
seen is a default label that was not checked against a live org or portal. A label that is wrong here leaves
a column under its own header, and pull tells which field has none; `columns:` goes before all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

_DATES = (
    "CreatedDate=Created Date|Fecha de creación; "
    "LastModifiedDate=Last Modified Date|Fecha de última modificación|Última fecha de modificación; "
    "LastActivityDate=Last Activity|Última actividad|Fecha de la última actividad"
)
# Reports of leads have words of their own for the first two
_LEAD_DATES = _DATES.replace("=Created Date", "=Created Date|Create Date").replace(
    "=Last Modified Date", "=Last Modified Date|Last Modified"
)
_PERSON = (
    "FirstName=First Name|Nombre|Nombre de pila; "
    "LastName=Last Name|Apellidos|Apellido; Email=Email|Correo electrónico; "
    "Phone=Phone|Business Phone|Teléfono; MobilePhone=Mobile|Mobile Phone|Móvil|Teléfono móvil; "
    "Title=Title|Título|Cargo; HasOptedOutOfEmail=Email Opt Out|No participación en correo electrónico; "
    "LeadSource=Lead Source|Origen del candidato|Origen del prospecto; Salutation=Salutation|Tratamiento|Saludo; "
    "Fax=Fax; Description=Description|Descripción; DoNotCall=Do Not Call|No llamar; "
    "HasOptedOutOfFax=Fax Opt Out|No participación en fax"
)
_ACCOUNT_ID = "Account ID|Id. de cuenta|Id. de la cuenta"
# "Propietario de oportunidad" and "Propietario de la cuenta" are headers in public code that reads reports
# of Spanish orgs (find_string over public repositories, 2026-11); so is "Nombre de la oportunidad".
_OWNER = "Owner ID|Id. del propietario"
_SALESFORCE: Mapping[str, str] = {
    "Contact": f"Id=Contact ID|Id. de contacto|Id. del contacto; {_PERSON}; {_DATES}; AccountId={_ACCOUNT_ID}; "
    "MailingCity=Mailing City|Ciudad de correspondencia; MailingCountry=Mailing Country|País de correspondencia; "
    "MailingStreet=Mailing Street|Calle de correspondencia; "
    "MailingState=Mailing State/Province|Estado o provincia de correspondencia; "
    "MailingPostalCode=Mailing Zip/Postal Code|Código postal de correspondencia; "
    "Birthdate=Birthdate|Fecha de nacimiento; Department=Department|Departamento; "
    f"OwnerId={_OWNER}|Contact Owner|Propietario del contacto",
    "Lead": f"Id=Lead ID|Id. de candidato|Id. del candidato|Id. del prospecto; {_PERSON}; {_LEAD_DATES}; "
    "City=City|Ciudad; Country=Country|País; "
    "Street=Street|Calle; State=State/Province|Estado o provincia; "
    "PostalCode=Zip/Postal Code|Código postal; Industry=Industry|Sector; Website=Website|Sitio Web; "
    "AnnualRevenue=Annual Revenue|Ingresos anuales; NumberOfEmployees=Employees|Empleados; "
    "Company=Company / Account|Company|Compañía|Empresa; "
    "Status=Lead Status|Estado de candidato|Estado del candidato|Estado del prospecto; "
    "IsConverted=Converted|Convertido; Rating=Rating|Valoración|Calificación; "
    f"OwnerId={_OWNER}|Lead Owner|Propietario del candidato|Propietario de candidato|Propietario del prospecto",
    "Account": f"Id={_ACCOUNT_ID}; Name=Account Name|Nombre de la cuenta|Nombre de cuenta; Website=Website|Sitio Web; "
    "Phone=Phone|Teléfono; BillingStreet=Billing Street|Calle de facturación; "
    "BillingCity=Billing City|Ciudad de facturación; BillingCountry=Billing Country|País de facturación; "
    "BillingState=Billing State/Province|Estado o provincia de facturación; "
    "BillingPostalCode=Billing Zip/Postal Code|Código postal de facturación; "
    "NumberOfEmployees=Employees|Empleados; AnnualRevenue=Annual Revenue|Ingresos anuales; "
    f"Industry=Industry|Sector; Type=Type|Tipo; ParentId=Parent Account ID|Id. de cuenta principal; {_DATES}; "
    "Fax=Fax; Description=Description|Descripción; AccountSource=Account Source|Origen de la cuenta; "
    "Tax_ID__c=Tax ID|NIF|CIF|Identificación fiscal; "
    f"OwnerId={_OWNER}|Account Owner|Propietario de la cuenta|Propietario de cuenta",
    "Opportunity": "Id=Opportunity ID|Id. de oportunidad|Id. de la oportunidad; "
    "Name=Opportunity Name|Nombre de la oportunidad|Nombre de oportunidad; "
    f"AccountId={_ACCOUNT_ID}; Amount=Amount|Importe|Monto; "
    "CloseDate=Close Date|Fecha de cierre; StageName=Stage|Etapa; IsWon=Won|Ganada; "
    f"IsClosed=Closed|Cerrada; Type=Type|Tipo; {_DATES}; "
    "Probability=Probability (%)|Probabilidad (%); "
    "ForecastCategoryName=Forecast Category|Categoría de previsión|Categoría de pronóstico; "
    "NextStep=Next Step|Paso siguiente|Siguiente paso; Description=Description|Descripción; "
    "CurrencyIsoCode=Currency|Divisa|Moneda|Opportunity Currency; "
    "LeadSource=Lead Source|Origen del candidato|Origen del prospecto; "
    "Loss_Reason__c=Loss Reason|Motivo de pérdida|Motivo de la pérdida; "
    f"OwnerId={_OWNER}|Opportunity Owner|Propietario de oportunidad|Propietario de la oportunidad",
}
# Seen in public code that reads such files (2026-11): Record ID, Record ID - Contact, First Name, Last Name,
# Email, Phone Number, Job Title, Country/Region, State/Region, Lifecycle Stage, Lead Status, Create Date,
# Close Date, Original Traffic Source; ID de registro, Nombre de la empresa, Nombre de dominio de la empresa,
# Ciudad, País/región, Propietario del contacto, Estado del lead.
_ORIGIN = (
    "hs_analytics_source=Original Traffic Source|Original Source|Original source type|"
    "Fuente original|Fuente de tráfico original|Tipo de fuente original"
)
_STAGE = "lifecyclestage=Lifecycle Stage|Etapa del ciclo de vida|Etapa de ciclo de vida"
_HUBSPOT_DATES = (
    "createdate=Create Date|Fecha de creación; {}=Last Modified Date|Fecha de última modificación; "
    "notes_last_updated=Last Activity Date|Fecha de la última actividad|Fecha de última actividad"
)
_HUBSPOT: Mapping[str, str] = {
    "contacts": "hs_object_id=Record ID|Record ID - Contact|"
    "ID de registro|ID de registro - Contact|ID de registro - Contacto|ID de objeto; "
    "firstname=First Name|Nombre; lastname=Last Name|Apellidos|Apellido; "
    "email=Email|Correo|Correo electrónico; "
    "hs_additional_emails=Additional email addresses|Direcciones de correo adicionales|"
    "Direcciones de correo electrónico adicionales; "
    "phone=Phone Number|Número de teléfono|Teléfono; "
    "mobilephone=Mobile Phone Number|Número de teléfono móvil|Número de móvil|Teléfono móvil; "
    "jobtitle=Job Title|Cargo|Puesto; city=City|Ciudad; country=Country/Region|País/región|País; "
    "associatedcompanyid=Primary Associated Company ID|ID de empresa asociada principal; "
    "hs_email_optout=Unsubscribed from all email|Canceló la suscripción a todos los correos|"
    "Ha cancelado la suscripción a todos los correos; "
    f"{_STAGE}; {_ORIGIN}; hs_lead_status=Lead Status|Estado del lead; "
    "hubspot_owner_id=Contact owner|Propietario del contacto; "
    "salutation=Salutation|Saludo|Tratamiento; date_of_birth=Date of birth|Fecha de nacimiento; "
    "hs_language=Preferred language|Idioma preferido; job_function=Job function|Función laboral|Función; "
    "seniority=Seniority|Antigüedad|Nivel de experiencia; "
    "company=Company Name|Nombre de la empresa; industry=Industry|Sector|Industria; "
    "annualrevenue=Annual Revenue|Ingresos anuales; fax=Fax Number|Número de fax; "
    "website=Website URL|URL del sitio web; hs_linkedin_url=LinkedIn URL|URL de LinkedIn; "
    "address=Street Address|Dirección|Calle; state=State/Region|Estado/región|Estado o región; "
    "zip=Postal Code|Código postal; lead_source=Lead Source|Origen del lead; message=Message|Mensaje; "
    "do_not_call=Do not call|No llamar; "
    "hs_marketable_status=Marketing contact status|Estado de contacto de marketing; "
    "salesforcecontactid=Salesforce Contact ID|ID de contacto de Salesforce; "
    "salesforceleadid=Salesforce Lead ID|ID de lead de Salesforce; "
    + _HUBSPOT_DATES.format("lastmodifieddate"),
    "companies": "hs_object_id=Record ID|Record ID - Company|"
    "ID de registro|ID de registro - Company|ID de registro - Empresa|ID de objeto; "
    "name=Company name|Nombre de la empresa; "
    "domain=Company Domain Name|Nombre de dominio de la empresa|Dominio de la empresa; "
    "website=Website URL|URL del sitio web; phone=Phone Number|Número de teléfono|Teléfono; "
    "address=Street Address|Dirección|Calle; city=City|Ciudad; country=Country/Region|País/región|País; "
    "numberofemployees=Number of Employees|Número de empleados; "
    "annualrevenue=Annual Revenue|Ingresos anuales; industry=Industry|Sector|Industria; "
    f"{_STAGE}; {_ORIGIN}; tax_id=Tax ID|NIF|CIF|Identificación fiscal; "
    "linkedin_company_page=LinkedIn Company Page|Página de empresa de LinkedIn; "
    "state=State/Region|Estado/región|Estado o región; zip=Postal Code|Código postal; type=Type|Tipo; "
    "founded_year=Year Founded|Año de fundación; description=Description|Descripción; "
    "hubspot_owner_id=Company owner|Propietario de la empresa; "
    "salesforceaccountid=Salesforce Account ID|ID de cuenta de Salesforce; "
    + _HUBSPOT_DATES.format("hs_lastmodifieddate"),
    "deals": "hs_object_id=Record ID|Record ID - Deal|ID de registro|ID de registro - Deal|"
    "ID de registro - Negocio|ID de objeto; "
    "dealname=Deal Name|Nombre del negocio; amount=Amount|Valor|Importe|Monto|Cantidad; "
    "closedate=Close Date|Fecha de cierre; dealstage=Deal Stage|Etapa del negocio; pipeline=Pipeline; "
    "hs_is_closed_won=Is Closed Won|Is won; hs_is_closed=Is Deal Closed?|Is closed; "
    "deal_currency_code=Currency|Moneda|Divisa; dealtype=Deal Type|Tipo de negocio; "
    "hs_deal_stage_probability=Deal probability|Probabilidad del negocio; "
    "hs_manual_forecast_category=Forecast category|Categoría de pronóstico|Categoría de previsión; "
    "hs_next_step=Next step|Próximo paso|Siguiente paso; "
    "closed_lost_reason=Closed Lost Reason|Motivo de cierre perdido|Motivo de pérdida; "
    f"description=Deal Description|Descripción del negocio; {_ORIGIN}; "
    "hubspot_owner_id=Deal owner|Propietario del negocio; "
    "hs_salesforceopportunityid=Salesforce Opportunity ID|ID de oportunidad de Salesforce; "
    + _HUBSPOT_DATES.format("hs_lastmodifieddate"),
}
LABELS: Mapping[str, str] = {**_SALESFORCE, **_HUBSPOT}
