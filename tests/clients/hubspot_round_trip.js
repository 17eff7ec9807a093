// A round trip of @hubspot/api-client through the simulated HubSpot: one JSON line a promise that was kept.
//
// Where to go stands in the environment: HUBSPOT_URL, HUBSPOT_TOKEN.

import assert from "node:assert/strict";
import { Client } from "@hubspot/api-client";

const { HUBSPOT_URL, HUBSPOT_TOKEN } = process.env;
const clientOf = (accessToken) =>
  new Client({ accessToken, basePath: HUBSPOT_URL, numberOfApiCallRetries: 0 });
const { crm } = clientOf(HUBSPOT_TOKEN);
const { contacts, companies, deals } = crm;

async function fails(promise, code, category) {
  const error = await promise.then(
    (found) => assert.fail(`no error but ${JSON.stringify(found)}`),
    (reason) => reason,
  );
  assert.equal(error.code, code, error.message);
  assert.equal(error.body?.category, category, error.message);
  return error.body;
}

const byHand = async (name, body) => {
  const answer = await fetch(`${HUBSPOT_URL}/__control__/${name}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  return answer.status === 200 ? answer.json() : null;
};

const ids = {};
const person = (n) => ({ email: `p${n}@uno.example`, lastname: `Name ${n}` });

const PROMISES = {
  async create() {
    const company = await companies.basicApi.create({ properties: { name: "Uno", domain: "uno.example" } });
    assert.equal(company.properties.website, "uno.example");
    ids.company = company.id;
    const made = await contacts.basicApi.create({
      properties: { email: "Ana@uno.example", firstname: "Ana" },
      associations: [
        { to: { id: ids.company }, types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 279 }] },
      ],
    });
    assert.equal(made.properties.email, "ana@uno.example");
    assert.equal(made.properties.lifecyclestage, "lead");
    assert.ok(made.createdAt instanceof Date);
    ids.contact = made.id;
    const deal = await deals.basicApi.create({
      properties: { dealname: "Renewal", dealstage: "appointmentscheduled", pipeline: "default" },
      associations: [],
    });
    ids.deal = deal.id;
  },

  async "list with paging and associations"() {
    const first = await contacts.basicApi.getPage(10, undefined, ["city"], undefined, ["companies"]);
    assert.equal(first.results[0].id, ids.contact);
    assert.equal(first.results[0].properties.city, null);
    const ties = first.results[0].associations.companies.results;
    assert.ok(ties.every((each) => each.id === ids.company && each.type.startsWith("contact_to_company")));
    const more = Array.from({ length: 25 }, (_, n) => ({ properties: { email: `q${n}@uno.example` }, associations: [] }));
    await contacts.batchApi.create({ inputs: more });
    const all = await contacts.getAll(10, undefined, ["email"]);
    assert.equal(all.length, 26);
    assert.equal(new Set(all.map((each) => each.id)).size, 26);
    const past = await contacts.basicApi.getPage(5, undefined, [], ["email"]);
    assert.equal(past.results[0].propertiesWithHistory.email[0].value, "ana@uno.example");
  },

  async "get, update and archive"() {
    const found = await contacts.basicApi.getById("ANA@uno.example", ["city"], undefined, undefined, false, "email");
    assert.equal(found.id, ids.contact);
    const changed = await contacts.basicApi.update(ids.contact, { properties: { city: "Cádiz" } });
    assert.equal(changed.properties.city, "Cádiz");
    const cleared = await contacts.basicApi.update(ids.contact, { properties: { city: "" } });
    assert.ok(!cleared.properties.city);
    const gone = await contacts.basicApi.create({ properties: { lastname: "Gone" }, associations: [] });
    await contacts.basicApi.archive(gone.id);
    await contacts.basicApi.archive("999999999999");
    await fails(contacts.basicApi.getById(gone.id), 404, undefined);
    const archived = await contacts.basicApi.getPage(10, undefined, undefined, undefined, undefined, true);
    assert.ok(archived.results.some((each) => each.id === gone.id && each.archivedAt instanceof Date));
  },

  async "batch create"() {
    const inputs = Array.from({ length: 100 }, (_, n) => ({ properties: person(n), associations: [] }));
    const made = await contacts.batchApi.create({ inputs });
    assert.equal(made.status, "COMPLETE");
    assert.equal(made.results.length, 100);
    ids.contacts = made.results.map((each) => each.id).sort();
    const traced = ["ana", "new"].map((name) => ({
      properties: { email: `${name}@uno.example` },
      associations: [],
      objectWriteTraceId: name,
    }));
    const some = await contacts.batchApi.create({ inputs: traced });
    assert.equal(some.results.length, 1);
    assert.equal(some.numErrors, 1);
    assert.equal(some.errors[0].category, "CONFLICT");
    assert.deepEqual(some.errors[0].context, { existingId: [ids.contact], objectWriteTraceId: ["ana"] });
  },

  async "batch read, update and upsert"() {
    const [one, two] = ids.contacts;
    const read = await contacts.batchApi.read({
      inputs: [{ id: two }, { id: one }, { id: "1" }],
      properties: ["lastname"],
      propertiesWithHistory: [],
    });
    assert.deepEqual(read.results.map((each) => each.id).sort(), [one, two]);
    assert.deepEqual(read.errors[0].context.ids, ["1"]);
    const byEmail = await contacts.batchApi.read({
      inputs: [{ id: "ana@uno.example" }],
      idProperty: "email",
      properties: [],
      propertiesWithHistory: [],
    });
    assert.equal(byEmail.results[0].id, ids.contact);
    const changed = await contacts.batchApi.update({
      inputs: [one, two].map((id) => ({ id, properties: { city: "Lima" } })),
    });
    assert.equal(changed.results.length, 2);
    const upsert = await contacts.batchApi.upsert({
      inputs: ["p0@uno.example", "brand@uno.example"].map((id) => ({
        id,
        idProperty: "email",
        properties: { city: "Quito" },
      })),
    });
    assert.deepEqual(upsert.results.map((each) => each._new).sort(), [false, true]);
    await contacts.batchApi.archive({ inputs: [{ id: two }, { id: "1" }] });
    ids.archived = two;
  },

  async search() {
    const body = {
      filterGroups: [{ filters: [{ propertyName: "email", operator: "CONTAINS_TOKEN", value: "p1*" }] }],
      sorts: ["-lastname"],
      properties: ["email"],
      limit: 5,
      after: "0",
    };
    const page = await contacts.searchApi.doSearch(body);
    assert.ok(page.total >= 10);
    assert.equal(page.results.length, 5);
    const next = await contacts.searchApi.doSearch({ ...body, after: page.paging.next.after });
    assert.ok(!page.results.some((each) => next.results.some((other) => other.id === each.id)));
    const archived = await contacts.searchApi.doSearch({
      ...body,
      filterGroups: [{ filters: [{ propertyName: "hs_object_id", operator: "EQ", value: ids.archived }] }],
    });
    assert.equal(archived.total, 0);
  },

  async "associations v4"() {
    const { basicApi, batchApi } = crm.associations.v4;
    await basicApi.createDefault("deals", ids.deal, "contacts", ids.contact);
    const primary = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 5 }];
    await basicApi.create("deals", ids.deal, "companies", ids.company, primary);
    const page = await basicApi.getPage("deals", ids.deal, "companies");
    assert.equal(String(page.results[0].toObjectId), ids.company);
    assert.deepEqual(page.results[0].associationTypes.map((each) => each.typeId).sort(), [341, 5]);
    const read = await batchApi.getPage("contacts", "deals", {
      inputs: [{ id: ids.contact }, { id: ids.contacts[0] }],
    });
    assert.equal(read.results.length, 1);
    assert.equal(read.errors[0].subCategory, "crm.associations.NO_ASSOCIATIONS_FOUND");
    const made = await batchApi.create("contacts", "companies", {
      inputs: [
        {
          _from: { id: ids.contacts[0] },
          to: { id: ids.company },
          types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: 1 }],
        },
      ],
    });
    assert.deepEqual(made.results[0].labels, ["Primary"]);
    await batchApi.archive("deals", "contacts", { inputs: [{ _from: { id: ids.deal }, to: [{ id: ids.contact }] }] });
    assert.equal((await basicApi.getPage("deals", ids.deal, "contacts")).results.length, 0);
    await basicApi.archive("deals", ids.deal, "companies", ids.company);
  },

  async merge() {
    const [keep, lose] = [ids.contacts[10], ids.contacts[11]];
    const merged = await contacts.basicApi.merge({ primaryObjectId: keep, objectIdToMerge: lose });
    for (const id of [keep, lose]) {
      assert.equal((await contacts.basicApi.getById(id)).id, merged.id);
    }
    const two = await Promise.all(
      ["Dos", "Dos S.A."].map((name) => companies.basicApi.create({ properties: { name } })),
    );
    const one = await companies.basicApi.merge({ primaryObjectId: two[0].id, objectIdToMerge: two[1].id });
    assert.ok(one.id);
  },

  async properties() {
    const { coreApi, groupsApi, batchApi } = crm.properties;
    const known = await coreApi.getAll("contacts");
    const email = known.results.find((each) => each.name === "email");
    assert.deepEqual([email.type, email.fieldType], ["string", "text"]);
    const groups = await groupsApi.getAll("contacts");
    const made = await coreApi.create("contacts", {
      name: "tier",
      label: "Tier",
      type: "enumeration",
      fieldType: "select",
      groupName: groups.results[0].name,
      options: [{ label: "Gold", value: "gold", displayOrder: 0, hidden: false }],
      hasUniqueValue: false,
      hidden: false,
    });
    assert.equal(made.options[0].value, "gold");
    await contacts.basicApi.update(ids.contact, { properties: { tier: "gold" } });
    const some = await batchApi.read("contacts", { archived: false, inputs: [{ name: "tier" }] });
    assert.equal(some.results[0].label, "Tier");
    await coreApi.archive("contacts", "tier");
    await fails(coreApi.getByName("contacts", "tier"), 404, "OBJECT_NOT_FOUND");
  },

  async pipelines() {
    const { pipelinesApi, pipelineStagesApi } = crm.pipelines;
    const [pipeline] = (await pipelinesApi.getAll("deals")).results;
    assert.equal(pipeline.id, "default");
    const won = pipeline.stages.find((each) => each.id === "closedwon");
    assert.deepEqual([won.metadata.isClosed, won.metadata.probability], ["true", "1.0"]);
    assert.equal((await pipelinesApi.getById("deals", "default")).label, pipeline.label);
    assert.equal((await pipelineStagesApi.getAll("deals", "default")).results.length, pipeline.stages.length);
  },

  async owners() {
    await byHand("put", { object: "owners", records: [{ email: "gil@uno.example", firstName: "Gil" }] });
    const [owner] = (await crm.owners.ownersApi.getPage("gil@uno.example")).results;
    assert.equal(owner.firstName, "Gil");
    assert.equal((await crm.owners.ownersApi.getById(Number(owner.id))).email, "gil@uno.example");
    const owned = await contacts.basicApi.update(ids.contact, { properties: { hubspot_owner_id: owner.id } });
    assert.equal(owned.properties.hubspot_owner_id, owner.id);
  },

  async "an error of each family"() {
    const { basicApi, batchApi, searchApi } = contacts;
    const create = (properties) => basicApi.create({ properties, associations: [] });
    const conflict = await fails(create({ email: "ana@uno.example" }), 409, "CONFLICT");
    assert.equal(conflict.message, `Contact already exists. Existing ID: ${ids.contact}`);
    await fails(create({ email: "bad" }), 400, "VALIDATION_ERROR");
    const unknown = await fails(create({ lastname: "x", nope: "1" }), 400, "VALIDATION_ERROR");
    assert.equal(unknown.errors[0].code, "PROPERTY_DOESNT_EXIST");
    await fails(create({ lastname: "x", hs_object_id: "1" }), 400, "VALIDATION_ERROR");
    await fails(create({ lastname: "x", lifecyclestage: "Lead" }), 400, "VALIDATION_ERROR");
    await fails(basicApi.getById("not-a-number"), 404, "OBJECT_NOT_FOUND");
    const many = Array.from({ length: 101 }, (_, n) => ({ id: String(n + 1) }));
    await fails(batchApi.read({ inputs: many, properties: [], propertiesWithHistory: [] }), 400, "VALIDATION_ERROR");
    const twice = { inputs: [{ id: "5", properties: {} }, { id: "5", properties: {} }] };
    await fails(batchApi.update(twice), 400, "VALIDATION_ERROR");
    const search = { filterGroups: [], sorts: [], properties: [], limit: 200, after: "10000" };
    await fails(searchApi.doSearch(search), 400, "VALIDATION_ERROR");
    await fails(clientOf("nobody").crm.contacts.basicApi.getPage(), 401, "INVALID_AUTHENTICATION");
    const { token } = await byHand("tokens", { make: "service key", scopes: ["crm.objects.owners.read"] });
    await fails(clientOf(token).crm.contacts.basicApi.getPage(), 403, "MISSING_SCOPES");
    const expired = await byHand("tokens", { make: "oauth", lifetime_s: 0 });
    await fails(clientOf(expired.token).crm.contacts.basicApi.getPage(), 401, "EXPIRED_AUTHENTICATION");
    for (const kind of ["429", "429-daily", "503"]) {
      await byHand("faults", { kind });
      const status = Number(kind.slice(0, 3));
      const body = await fails(basicApi.getPage(), status, undefined);
      if (kind !== "503") assert.equal(body.errorType, "RATE_LIMIT");
    }
    await byHand("faults", { kind: "429-search" });
    await fails(searchApi.doSearch({ ...search, after: "0" }), 429, "RATE_LIMITS");
  },

  async "token by refresh"() {
    const app = await byHand("tokens", {});
    const client = new Client({ basePath: HUBSPOT_URL });
    const { client_id, client_secret, refresh_token } = app;
    const told = await client.oauth.tokensApi.create(
      "refresh_token", undefined, undefined, client_id, client_secret, refresh_token,
    );
    assert.equal(told.expiresIn, 1800);
    const found = await clientOf(told.accessToken).crm.contacts.basicApi.getPage(1);
    assert.equal(found.results.length, 1);
  },
};

for (const [promise, keep] of Object.entries(PROMISES)) {
  try {
    await keep();
    console.log(JSON.stringify({ promise, kept: true }));
  } catch (error) {
    console.log(JSON.stringify({ promise, kept: false, why: String(error.stack ?? error) }));
  }
}
