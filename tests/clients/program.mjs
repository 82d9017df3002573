// What a program does with the TypeScript client, told line by line: see test_clients.py.

const [compiled, address, password, auction, other] = process.argv.slice(2);
const { Refused, Vendue } = await import(compiled);
const tell = (what) => console.log(JSON.stringify(what));

const house = new Vendue(address);
await house.signIn("bidder", password);
const live = await house.auctions({ "filters[status]": "live", sort: "documentId" });
tell({ live: live.map((row) => row.documentId) });
tell({ outcome: (await house.bid(auction, 200000, { key: "the-same" })).outcome });
try {
  await house.bid(auction, 100);
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  tell({ code: error.code, minimum: error.details.minimum });
}
for await (const { standing, you } of house.watch([auction, other])) {
  if (standing) tell({ auction: standing.auction, seq: standing.seq, price: standing.price });
  else tell({ state: you.state, auction: you.auction });
}
