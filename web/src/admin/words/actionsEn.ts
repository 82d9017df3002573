// Every action that a role may be given, in words: a name, and what it lets one do.

export const groups = {
  "api::bid.bid": "Bids",
  "api::auction.auction": "Auctions",
  "api::car.car": "Cars",
  "plugin::upload.content-api": "Photos",
  "api::watch.watch": "Watchlist",
  "plugin::users-permissions.user": "Accounts",
  "plugin::users-permissions.auth": "Signing in",
  "api::api-token.api-token": "API tokens",
  "plugin::users-permissions.role": "Roles",
  "plugin::users-permissions.permissions": "Permissions",
  "api::audit-log.audit-log": "Audit log",
};

export const words = {
  "api::bid.bid.create": ["Bid", "Bid and buy now, on auctions of others."],
  "api::bid.bid.find": ["Read bids", "See the histories of auctions."],
  "api::bid.bid.findOne": ["Read one bid", "Ask how a bid was decided."],
  "api::auction.auction.find": ["Read auctions", "Search the auctions. Drafts only their sellers and staff see."],
  "api::auction.auction.findOne": ["Read one auction", "Open an auction's page."],
  "api::auction.auction.log": ["Read the log", "Have the public log of a finished auction, to check it."],
  "api::auction.auction.openings": ["Open commitments", "Have what one's own events hide, to prove it."],
  "api::auction.auction.create": ["Create drafts", "Begin an auction; nothing is for sale yet."],
  "api::auction.auction.update": ["Change drafts", "Sellers their own, staff any."],
  "api::auction.auction.delete": ["Delete drafts", "Sellers their own, staff any. What is listed stays."],
  "api::auction.auction.list": ["List", "Put a draft up for sale."],
  "api::auction.auction.watchers": ["See watchers", "How many connections watch each auction."],
  "api::auction.auction.amend": ["Amend", "Replace the terms until the auction opens."],
  "api::auction.auction.extend": ["Extend", "Move the end later."],
  "api::auction.auction.cancel": ["Cancel", "Call an auction off; sellers only until the first bid."],
  "api::auction.auction.retract": ["Retract", "Make all bids of a bidder on an auction void."],
  "api::auction.auction.approve": ["Approve", "Sell at the high bid where a sale awaits approval."],
  "api::auction.auction.decline": ["Decline", "Refuse a sale that awaits approval."],
  "api::auction.auction.counter": ["Counter", "Offer the high bidder another price."],
  "api::auction.auction.accept-offer": ["Accept an offer", "As the high bidder, take the price that was offered."],
  "api::auction.auction.decline-offer": ["Decline an offer", "As the high bidder, refuse the price that was offered."],
  "api::car.car.find": ["Read cars", "Search the cars."],
  "api::car.car.findOne": ["Read one car", "Open a car's page."],
  "api::car.car.create": ["Create cars", "Describe a car."],
  "api::car.car.update": ["Change cars", "Sellers their own until it is bid on, staff any."],
  "api::car.car.delete": ["Delete cars", "What was never up for sale; sellers their own, staff any."],
  "plugin::upload.content-api.find": ["Read photos", "List the photos there are."],
  "plugin::upload.content-api.findOne": ["Read one photo", "Ask for a photo's data."],
  "plugin::upload.content-api.upload": ["Send photos", "Add photos, to a car or to the library."],
  "plugin::upload.content-api.update": ["Change photos", "Name, description, or another picture; sellers their own."],
  "plugin::upload.content-api.destroy": ["Delete photos", "Sellers their own, staff any."],
  "api::watch.watch.find": ["Read the watchlist", "See one's own watchlist."],
  "api::watch.watch.findOne": ["Read one of it", "See an entry of one's own watchlist."],
  "api::watch.watch.create": ["Watch", "Put an auction on one's own watchlist."],
  "api::watch.watch.delete": ["Watch no more", "Take an auction off it."],
  "plugin::users-permissions.user.me": ["Read oneself", "See one's own account."],
  "plugin::users-permissions.user.find": ["Read accounts", "Search all accounts, with addresses."],
  "plugin::users-permissions.user.findOne": [
    "Read one account",
    "One's own; the name of whom one traded with; staff any.",
  ],
  "plugin::users-permissions.user.create": ["Create accounts", "With any role."],
  "plugin::users-permissions.user.update": [
    "Change accounts",
    "One's own; staff block, and give paddles; admins give roles.",
  ],
  "plugin::users-permissions.user.destroy": ["Forget accounts", "One's own; staff those of bidders and sellers."],
  "plugin::users-permissions.auth.callback": ["Sign in", "With name and password."],
  "plugin::users-permissions.auth.register": ["Register", "Make oneself an account as a bidder."],
  "plugin::users-permissions.auth.refresh": ["Stay signed in", "Renew a session."],
  "plugin::users-permissions.auth.logout": ["Sign out", "End a session."],
  "plugin::users-permissions.auth.forgotPassword": ["Ask for a letter", "To set a forgotten password anew."],
  "plugin::users-permissions.auth.resetPassword": ["Set it anew", "With the letter's code."],
  "plugin::users-permissions.auth.changePassword": ["Change the password", "One's own, with the old one."],
  "api::api-token.api-token.find": ["Read tokens", "One's own; admins all."],
  "api::api-token.api-token.create": ["Create tokens", "For programs that act as oneself."],
  "api::api-token.api-token.delete": ["End tokens", "One's own; admins any."],
  "plugin::users-permissions.role.find": ["Read roles", "See the roles."],
  "plugin::users-permissions.role.findOne": ["Read one role", "See what a role may do."],
  "plugin::users-permissions.role.updateRole": ["Change roles", "Give and take what stands on this page."],
  "plugin::users-permissions.permissions.getPermissions": ["Read permissions", "List every action there is."],
  "api::audit-log.audit-log.find": ["Read the log", "See what staff did, and why."],
  "api::audit-log.audit-log.findOne": ["Read one entry", "See an entry of the log."],
} satisfies Record<string, [string, string]>;

export type ActionWords = Record<keyof typeof words, [string, string]>;

export const part = (all: ActionWords, at: 0 | 1): Record<string, string> =>
  Object.fromEntries(Object.entries(all).map(([action, said]) => [action, said[at]]));

export const actions = part(words, 0);
export const actionHelp = part(words, 1);
