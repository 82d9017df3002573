// What the API answers. Amounts are integers of the currency's minor unit, times epoch milliseconds, ids strings.

export type Status =
  | "draft"
  | "scheduled"
  | "live"
  | "pending_approval"
  | "countered"
  | "sold"
  | "unsold"
  | "cancelled";
export type Format = "english" | "dutch" | "sealed_first_price" | "sealed_second_price";

export interface DutchClock {
  decrement: number;
  every_ms: number;
  floor: number;
}

// All that everyone may see of an auction after its event `seq`.
export interface Standing {
  auction: string;
  seq: number;
  status: Status;
  price: number | null;
  opening: number;
  minimum_next: number | null;
  buy_now_price: number | null;
  currency: string;
  bids: number;
  leader: string | null;
  reserve_met: boolean | null;
  starts_at: number;
  ends_at: number;
  closed_at: number | null;
  approval_until: number | null;
  hammer_price: number | null;
  clock: DutchClock | null;
}

// Where the signed-in bidder stands in an auction.
export interface Position {
  auction: string;
  seq: number;
  state: "leading" | "outbid" | "sealed" | "won" | "lost";
  your_maximum: number | null;
  your_minimum: number | null;
}

// What the house signed of an event: that it was decided or, of a log's last, that it is the end.
export interface Signed {
  auction: string;
  seq: number;
  at: number;
  hash: string;
  kid: string;
  signature: string;
}

export interface Row {
  id: number;
  documentId: string;
  createdAt: string;
  updatedAt: string;
}

export interface Photo extends Row {
  name: string;
  alternativeText: string | null;
  caption: string | null;
  width: number;
  height: number;
  url: string;
  formats: Record<string, { url: string; width: number; height: number }> | null;
}

export interface Car extends Row {
  make: string;
  model: string;
  year: number | null;
  mileage: number | null;
  vin: string | null;
  description: string | null;
  condition: string | null;
  location: string | null;
  photos?: Photo[];
}

export interface SoftClose {
  window_ms: number;
  extend_ms: number;
  mode: "reset" | "add";
  max_extension_ms: number | null;
}

export interface Auction extends Row {
  title: string;
  status: Status;
  currency: string | null;
  format: Format | null;
  proxy: boolean | null;
  starting_price: number | null;
  reserve_price?: number | null; // its seller and staff alone
  buy_now_price: number | null;
  soft_close: SoftClose | null;
  sale_terms: "pure" | "on_approval" | null;
  max_jump_percent: number | null;
  decrement: number | null;
  decrement_every_ms: number | null;
  floor_price: number | null;
  starts_at: number | null;
  ends_at: number | null;
  seq: number | null;
  price: number | null;
  minimum_next: number | null;
  bids_count: number;
  leader: string | null;
  reserve_met: boolean | null;
  hammer_price: number | null;
  closed_at: number | null;
  approval_until: number | null;
  cancel_reason: string | null;
  increments: string | [number, number][] | null;
  approval_ms: number | null;
  offer?: number; // whom it was made to, its seller and staff
  winner?: string; // him, its seller and staff
  car?: Car | null;
  seller?: { documentId: string } | null;
}

export interface Bid extends Row {
  alias: string | null;
  kind: "bid" | "buy_now";
  status: "accepted" | "refused" | "void";
  outcome: string | null;
  moot: boolean;
  seq: number;
  placed_at: number;
  mine: boolean;
  amount: number | null;
  maximum?: number | null;
  auction?: Auction;
}

export type Role = "public" | "authenticated" | "seller" | "auctioneer" | "admin";

export interface User extends Row {
  username: string;
  email: string;
  role: Role;
  confirmed: boolean;
  blocked: boolean;
  paddle: string | null;
}

export interface Watch extends Row {
  auction?: Auction | null;
}

export interface Page<T> {
  data: T[];
  meta: { pagination: { page: number; pageSize: number; pageCount: number; total: number } };
}

export interface Fault {
  path?: string[];
  message: string;
  name?: string;
}

export interface ErrorBody {
  status: number;
  name: string;
  message: string;
  details: {
    errors?: Fault[];
    code?: string;
    minimum?: number;
    maximum?: number;
    standing?: Standing;
    evidence?: Signed;
  };
}
