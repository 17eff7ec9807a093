// A round trip of jsforce through the simulated Salesforce: one JSON line a promise that was kept.
//
// Where to go stands in the environment: SALESFORCE_URL, SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET.

import assert from "node:assert/strict";
import jsforce from "jsforce";

const { SALESFORCE_URL, SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET } = process.env;
const VERSION = "67.0";
const FAST = { interval: 10, timeout: 20_000 };

const oauth2 = new jsforce.OAuth2({
  loginUrl: SALESFORCE_URL,
  clientId: SALESFORCE_CLIENT_ID,
  clientSecret: SALESFORCE_CLIENT_SECRET,
});
const grant = { grant_type: "client_credentials" };
const conn = new jsforce.Connection({
  oauth2,
  version: VERSION,
  instanceUrl: SALESFORCE_URL,
  refreshFn: (_conn, done) =>
    oauth2
      .requestToken(grant)
      .then((found) => done(null, found.access_token, found))
      .catch(done),
});
conn.bulk2.pollInterval = FAST.interval;
conn.bulk2.pollTimeout = FAST.timeout;

async function fails(promise, code) {
  const error = await promise.then(
    (found) => assert.fail(`no error but ${JSON.stringify(found)}`),
    (reason) => reason,
  );
  assert.equal(error.errorCode ?? error.name, code, error.message);
  return error;
}

const byHand = (name, body) =>
  fetch(`${SALESFORCE_URL}/__control__/${name}`, { method: "POST", body: JSON.stringify(body) });

async function rowsOf(stream) {
  const rows = [];
  stream.on("record", (row) => rows.push(row));
  await new Promise((resolve, reject) => stream.on("end", resolve).on("error", reject));
  return rows;
}

const ids = {};

const PROMISES = {
  async "logs in"() {
    await conn.authorize(grant);
    assert.ok(conn.accessToken.startsWith("00D"));
    assert.equal(conn.userInfo.organizationId.slice(0, 3), "00D");
  },

  async describe() {
    const everything = await conn.describeGlobal();
    assert.ok(everything.sobjects.some((each) => each.name === "Contact"));
    const contact = await conn.sobject("Contact").describe();
    const email = contact.fields.find((each) => each.name === "Email");
    assert.equal(email.type, "email");
    assert.equal(contact.keyPrefix, "003");
    assert.ok((await conn.request("/services/data")).some((each) => each.version === VERSION));
  },

  async create() {
    const made = await conn.sobject("Account").create({ Name: "Uno" });
    assert.equal(made.success, true);
    ids.account = made.id;
    const found = await conn.sobject("Account").retrieve(ids.account);
    assert.equal(found.Name, "Uno");
  },

  async "collections create"() {
    const records = Array.from({ length: 450 }, (_, n) => ({
      LastName: `Name ${n}`,
      Email: `name${n}@uno.example`,
      AccountId: ids.account,
    }));
    const made = await conn.sobject("Contact").create(records, { allowRecursive: true });
    assert.equal(made.length, 450);
    assert.ok(made.every((each) => each.success));
    ids.contacts = made.map((each) => each.id);
  },

  async "query with queryMore"() {
    const soql = "SELECT Id, LastName FROM Contact ORDER BY Id";
    const headers = { "Sforce-Query-Options": "batchSize=200" };
    let page = await conn.query(soql, { headers });
    assert.deepEqual([page.totalSize, page.done, page.records.length], [450, false, 200]);
    const found = [...page.records];
    while (!page.done) {
      page = await conn.queryMore(page.nextRecordsUrl, { headers });
      found.push(...page.records);
    }
    assert.deepEqual(found.map((each) => each.Id), ids.contacts);
    const all = await conn.query(soql, { headers, autoFetch: true, maxFetch: 10_000 });
    assert.equal(all.records.length, 450);
  },

  async "relationship and child queries"() {
    const up = await conn.query("SELECT Account.Name, Owner.Email FROM Contact LIMIT 1");
    assert.equal(up.records[0].Account.Name, "Uno");
    const down = await conn.query(
      "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName LIMIT 2), " +
        "(SELECT Id FROM Opportunities) FROM Account",
    );
    assert.equal(down.records[0].Contacts.records[0].LastName, "Name 0");
    assert.equal(down.records[0].Opportunities, null);
    const built = await conn
      .sobject("Contact")
      .find({ LastName: { $like: "Name 1%" }, Email: { $ne: null } }, "Id, LastName")
      .sort("-LastName")
      .limit(3)
      .execute();
    assert.deepEqual(built.map((each) => each.LastName), ["Name 199", "Name 198", "Name 197"]);
    const counted = await conn.query("SELECT COUNT() FROM Contact");
    assert.equal(counted.totalSize, 450);
  },

  async "collections retrieve, update and delete"() {
    const [one, two, three] = ids.contacts;
    const found = await conn.sobject("Contact").retrieve([one, two]);
    assert.deepEqual(found.map((each) => each.Id), [one, two]);
    const changed = await conn.sobject("Contact").update([
      { Id: one, Title: "CEO" },
      { Id: two, Email: "bad" },
    ]);
    assert.deepEqual(changed.map((each) => each.success), [true, false]);
    assert.equal(changed[1].errors[0].statusCode, "INVALID_EMAIL_ADDRESS");
    const undone = await conn.sobject("Contact").update(
      [
        { Id: one, Title: "CFO" },
        { Id: two, Email: "bad" },
      ],
      { allOrNone: true },
    );
    assert.equal(undone[0].errors[0].statusCode, "ALL_OR_NONE_OPERATION_ROLLED_BACK");
    assert.equal((await conn.sobject("Contact").retrieve(one)).Title, "CEO");
    const gone = await conn.sobject("Contact").destroy([three]);
    assert.equal(gone[0].success, true);
    ids.gone = three;
  },

  async "upsert three ways"() {
    const contacts = conn.sobject("Contact");
    const first = await contacts.upsert({ crmsync_key__c: "k-1", LastName: "Ruiz" }, "crmsync_key__c");
    assert.equal(first.created, true);
    const again = await contacts.upsert({ crmsync_key__c: "k-1", Title: "CEO" }, "crmsync_key__c");
    assert.deepEqual([again.id, again.created], [first.id, false]);
    for (const name of ["A", "B"]) {
      await contacts.create({ LastName: name, Email: "shared@uno.example" });
    }
    await fails(contacts.upsert({ Email: "shared@uno.example", Title: "x" }, "Email"), "MULTIPLE_CHOICES");
    const many = await contacts.upsert(
      [
        { crmsync_key__c: "k-1", Title: "CFO" },
        { crmsync_key__c: "k-2", LastName: "Gil" },
      ],
      "crmsync_key__c",
    );
    assert.deepEqual(many.map((each) => each.created), [false, true]);
  },

  async getDeleted() {
    const hour = 3_600_000;
    const [start, end] = [new Date(Date.now() - hour), new Date(Date.now() + hour)];
    const found = await conn.sobject("Contact").deleted(start, end);
    assert.ok(found.deletedRecords.some((each) => each.id === ids.gone));
  },

  async "bulk ingest"() {
    const input = [
      { crmsync_key__c: "b-1", LastName: 'Muñoz, "x"', Description: "one\ntwo" },
      { crmsync_key__c: "b-2", LastName: "Gil", Description: "" },
      { crmsync_key__c: "b-3", LastName: "", Description: "" },
    ];
    const made = await conn.bulk2.loadAndWaitForResults({
      object: "Contact",
      operation: "insert",
      input,
      ...{ pollInterval: FAST.interval, pollTimeout: FAST.timeout },
    });
    assert.equal(made.successfulResults.length, 2);
    assert.equal(made.failedResults.length, 1);
    assert.match(made.failedResults[0].sf__Error, /^REQUIRED_FIELD_MISSING:.*:LastName --$/);
    assert.deepEqual(made.unprocessedRecords, []);
    const changed = await conn.bulk2.loadAndWaitForResults({
      object: "Contact",
      operation: "upsert",
      externalIdFieldName: "crmsync_key__c",
      input: [
        { crmsync_key__c: "b-1", LastName: "Changed" },
        { crmsync_key__c: "b-4", LastName: "New" },
      ],
    });
    const created = changed.successfulResults.map((each) => [each.crmsync_key__c, each.sf__Created]);
    assert.deepEqual(Object.fromEntries(created), { "b-1": "false", "b-4": "true" });
    ids.bulk = changed.successfulResults.map((each) => ({ Id: each.sf__Id }));
    for (const operation of ["update", "delete"]) {
      const input = operation === "update" ? ids.bulk.map((each) => ({ ...each, Title: "CEO" })) : ids.bulk;
      const done = await conn.bulk2.loadAndWaitForResults({ object: "Contact", operation, input });
      assert.equal(done.successfulResults.length, 2);
    }
    const job = conn.bulk2.createJob({ object: "Contact", operation: "insert" });
    await job.open();
    await job.uploadData("LastName\nNever\n");
    await job.abort();
    assert.equal((await job.check()).state, "Aborted");
    await job.delete();
    await fails(job.check(), "NOT_FOUND");
    const wrong = conn.bulk2.loadAndWaitForResults({
      object: "Contact",
      operation: "insert",
      input: [{ LastName: "Ruiz", Nope__c: "x" }],
    });
    assert.match((await fails(wrong, "Error")).message, /Field name not found : Nope__c/);
  },

  // Results of one page: of several, jsforce 3.10.8 ends its own stream after the first and then writes on.
  async "bulk query"() {
    const soql = "SELECT Id, LastName, Account.Name FROM Contact WHERE LastName LIKE 'Name %'";
    const rows = await rowsOf(await conn.bulk2.query(soql));
    assert.equal(rows.length, 449);
    assert.equal(rows[0]["Account.Name"], "Uno");
    const all = await rowsOf(await conn.bulk2.query(soql, { scanAll: true }));
    assert.equal(all.length, 450);
    await fails(conn.bulk2.query("SELECT COUNT() FROM Contact"), "API_ERROR");
  },

  async "an error of each family"() {
    const contacts = conn.sobject("Contact");
    await fails(contacts.create({ FirstName: "Ana" }), "REQUIRED_FIELD_MISSING");
    await fails(contacts.create({ LastName: "Ruiz", Email: "bad" }), "INVALID_EMAIL_ADDRESS");
    await fails(contacts.create({ LastName: "Ruiz", Nope: 1 }), "INVALID_FIELD");
    await fails(contacts.create({ LastName: "Ruiz", CreatedDate: "2026-01-01" }), "INVALID_FIELD_FOR_INSERT_UPDATE");
    await fails(contacts.create({ LastName: "x".repeat(81) }), "STRING_TOO_LONG");
    await fails(contacts.create({ LastName: "Ruiz", AccountId: "001000000000009AAA" }), "INVALID_CROSS_REFERENCE_KEY");
    await fails(contacts.create({ LastName: "Ruiz", crmsync_key__c: "k-1" }), "DUPLICATE_VALUE");
    await fails(contacts.retrieve("003000000000009AAA"), "NOT_FOUND");
    await fails(contacts.update({ Id: ids.gone, Title: "x" }), "ENTITY_IS_DELETED");
    await fails(conn.sobject("Nothing").describe(), "NOT_FOUND");
    await fails(conn.query("SELECT Nope FROM Contact"), "INVALID_FIELD");
    await fails(conn.query("SELECT Id FROM Nothing"), "INVALID_TYPE");
    await fails(conn.query("SELEC Id FROM Contact"), "MALFORMED_QUERY");
    await fails(conn.queryMore("01g000000000009AAA-2000"), "INVALID_QUERY_LOCATOR");
    await fails(conn.search("FIND {Ruiz}"), "FUNCTIONALITY_NOT_ENABLED");
    await fails(conn.requestPost("/sobjects/Contact/describe", {}), "METHOD_NOT_ALLOWED");
    await fails(conn.request("/services/data/v30.0/sobjects"), "UNSUPPORTED_API_VERSION");
    const stranger = new jsforce.OAuth2({ loginUrl: SALESFORCE_URL, clientId: "x", clientSecret: "y" });
    await fails(stranger.requestToken(grant), "invalid_client");
    const other = { instanceUrl: SALESFORCE_URL, accessToken: "00D!nobody", version: VERSION };
    await fails(new jsforce.Connection(other).query("SELECT Id FROM Contact"), "INVALID_SESSION_ID");
  },

  async "composite, tree, batch and limits"() {
    const requests = [
      { method: "POST", url: `/services/data/v${VERSION}/sobjects/Account`, referenceId: "made", body: { Name: "Dos" } },
      { method: "GET", url: `/services/data/v${VERSION}/sobjects/Account/@{made.id}`, referenceId: "read" },
    ];
    const together = await conn.requestPost("/composite", { compositeRequest: requests });
    assert.equal(together.compositeResponse[1].body.Name, "Dos");
    const attributes = (type, referenceId) => ({ type, referenceId });
    const tree = { attributes: attributes("Account", "a"), Name: "Tres", Contacts: { records: [{ attributes: attributes("Contact", "c"), LastName: "Hija" }] } };
    const grown = await conn.requestPost("/composite/tree/Account", { records: [tree] });
    assert.equal(grown.results.length, 2);
    const batch = await conn.requestPost("/composite/batch", { batchRequests: [{ method: "GET", url: `v${VERSION}/limits` }] });
    assert.equal(batch.hasErrors, false);
    const limits = await conn.limits();
    assert.ok(limits.DailyBulkV2QueryJobs.Remaining < limits.DailyBulkV2QueryJobs.Max);
    assert.ok(conn.limitInfo.apiUsage.used > 0);
  },

  async "token refresh"() {
    const before = conn.accessToken;
    let refreshed = 0;
    conn.on("refresh", () => (refreshed += 1));
    await byHand("token", { expire: true });
    const found = await conn.query("SELECT COUNT() FROM Account");
    assert.equal(found.totalSize, 3);
    assert.notEqual(conn.accessToken, before);
    assert.equal(refreshed, 1);
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
