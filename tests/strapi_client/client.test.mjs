// What a program written for Strapi does, with the official client and no change but the address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { strapi } from "@strapi/client";

const baseURL = `${process.env.VENDUE_URL}/api`;
const admin = strapi({ baseURL, auth: process.env.ADMIN_TOKEN });
const seller = strapi({ baseURL, auth: process.env.SELLER_TOKEN });
const nobody = strapi({ baseURL });
const PIXEL = Buffer.from(process.env.PHOTO, "base64");

const failure = async (call) => {
  const error = await call.then(() => assert.fail("it did not fail"), (thrown) => thrown);
  return [error.name, error.response?.status];
};

test("cars: create, find with nested filters, populate, update, delete", async () => {
  const cars = seller.collection("cars"), auctions = seller.collection("auctions");
  const made = [];
  for (const [make, year] of [["Ford", 2001], ["BMW", 2004], ["Volvo", 2006]])
    made.push((await cars.create({ make, model: "x", year })).data);
  const { data: lot } = await auctions.create({ title: "Lot of the BMW", car: made[1].documentId });
  const found = await cars.find({
    filters: { $or: [{ make: { $eqi: "ford" } }, { auctions: { title: { $contains: "BMW" } } }], year: { $lt: 2010 } },
    sort: ["year:desc"],
    populate: { auctions: { fields: ["title"], filters: { title: { $startsWith: "Lot" } } } },
    pagination: { page: 1, pageSize: 2 },
  });
  assert.deepEqual(found.data.map((car) => car.make), ["BMW", "Ford"]);
  assert.deepEqual(found.data[0].auctions.map((each) => each.title), ["Lot of the BMW"]);
  assert.deepEqual(found.meta.pagination, { page: 1, pageSize: 2, pageCount: 1, total: 2 });
  const one = await auctions.findOne(lot.documentId, { populate: "car" });
  assert.equal(one.data.car.make, "BMW");
  const changed = await cars.update(made[0].documentId, { mileage: 7 });
  assert.equal(changed.data.mileage, 7);
  await auctions.delete(lot.documentId);
  for (const car of made) await cars.delete(car.documentId);
  assert.equal((await cars.find()).meta.pagination.total, 0);
});

test("users, with the plugin's bare bodies", async () => {
  const users = admin.collection("users", { plugin: { name: "users-permissions", prefix: "" } });
  const made = await users.create({ username: "nina", email: "nina@example.com", password: "Secret-123", role: 2 });
  assert.equal(made.role, "authenticated");
  const found = await users.find({ filters: { username: { $startsWith: "ni" } } });
  assert.deepEqual(found.map((user) => user.email), ["nina@example.com"]);
  assert.equal((await users.findOne(made.id)).username, "nina");
  assert.equal((await users.update(made.id, { blocked: true })).blocked, true);
  await users.delete(made.id);
  assert.deepEqual(await failure(users.findOne(made.id)), ["HTTPNotFoundError", 404]);
});

test("files: upload, find, update, show on a car, delete", async () => {
  const blob = new Blob([PIXEL], { type: "image/png" });
  const [file] = await seller.files.upload(blob, { fileInfo: { name: "front.png", alternativeText: "from the front" } });
  assert.equal(file.alternativeText, "from the front");
  assert.equal(file.mime, "image/png");
  const served = await fetch(new URL(file.url, process.env.VENDUE_URL));
  assert.equal(served.headers.get("content-type"), "image/png");
  assert.deepEqual((await seller.files.find({ filters: { name: { $contains: "front" } } })).map((each) => each.id), [file.id]);
  assert.equal((await seller.files.findOne(file.id)).hash, file.hash);
  assert.equal((await seller.files.update(file.id, { caption: "the nose" })).caption, "the nose");
  const { data: car } = await seller.collection("cars").create({ make: "Ford", model: "Ka", photos: [file.id] });
  const shown = await nobody.collection("cars").findOne(car.documentId, { populate: "photos" });
  assert.deepEqual(shown.data.photos.map((photo) => photo.caption), ["the nose"]);
  await seller.files.delete(file.id);
  assert.deepEqual(await failure(seller.files.findOne(file.id)), ["FileNotFoundError", 404]);
  await seller.collection("cars").delete(car.documentId);
});

test("bids are read, and made by the server's own route", async () => {
  const bids = await nobody.collection("bids").find({ populate: "auction", sort: "placed_at:desc" });
  assert.deepEqual(bids.data, []);
});

test("errors are the client's own classes", async () => {
  const cars = seller.collection("cars");
  assert.deepEqual(await failure(cars.findOne("doesnotexist")), ["HTTPNotFoundError", 404]);
  assert.deepEqual(await failure(cars.create({ make: "x" })), ["HTTPBadRequestError", 400]);
  assert.deepEqual(await failure(cars.find({ filters: { nope: 1 } })), ["HTTPBadRequestError", 400]);
  assert.deepEqual(await failure(nobody.collection("cars").create({ make: "x", model: "y" })), ["HTTPForbiddenError", 403]);
  const stranger = strapi({ baseURL, auth: "rubbish" });
  assert.deepEqual(await failure(stranger.collection("cars").find()), ["HTTPAuthorizationError", 401]);
});
