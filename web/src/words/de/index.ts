import auction from "./auction.json";
import auctions from "./auctions.json";
import bidding from "./bidding.json";
import entry from "./entry.json";
import notices from "./notices.json";
import parts from "./parts.json";
import shell from "./shell.json";

const catalogue = { auction, auctions, bidding, entry, notices, parts, shell };

export default catalogue;
