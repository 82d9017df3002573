// One lot, opened: what it is, where it stands, and the forms to bid on it.

import { askToSignIn } from "./account.js";
import { newBid, place } from "./bid.js";
import { api, lots, now, session } from "./feed.js";
import { clockPrice, fill, format, isOver, isSealed, money, parseAmount, plain, put, putTag, tick } from "./show.js";

const $ = (selector, root = document) => root.querySelector(selector);
const SETTLE_MS = 600; // a button whose amount changed just now may not be the one that was meant
const dialog = $("#lot"), form = $("form.bid"), input = $("#amount"), take = $(".take", dialog);
const confirm = $(".confirm", dialog), answer = $(".answer", dialog), stop = $(".stop", dialog);
let shown = null, typed = false, changedAt = 0, sending = false, asking = null, historySeq = null, opener = null;

export const shownLot = () => shown;

export function openLot(id) {
  const lot = lots.get(id);
  if (!lot) {
    if (dialog.open) dialog.close();
    return;
  }
  shown = id;
  typed = false;
  historySeq = null;
  input.value = "";
  say("");
  ask(null);
  put($(".how", dialog), format(lot)[1]);
  put($(".description", dialog), lot.car?.description ?? "");
  showLot();
  opener = document.activeElement;
  if (!dialog.open) dialog.showModal();
}

dialog.addEventListener("close", () => {
  shown = null;
  history.replaceState(null, "", location.pathname);
  if (opener?.isConnected) opener.focus();
});

export function showLot() {
  const lot = lots.get(shown);
  if (!lot) return;
  fill(dialog, lot);
  tickLot();
  showOwn(lot);
  showForms(lot);
  showHistory(lot);
}

export function tickLot() {
  const lot = lots.get(shown);
  if (!lot) return;
  tick(dialog, lot);
  put($(".left .label", dialog), isOver(lot.standing) ? "Ended" : lot.standing.status === "live" ? "Ends in" : "");
  if (lot.standing.clock && lot.standing.status === "live") showTake(lot);
}

function showOwn(lot) {
  const own = $(".own", dialog), most = lot.you?.your_maximum;
  own.hidden = !most;
  if (most) put(own, `${isSealed(lot) ? "Your sealed bid" : lot.proxy ? "Your maximum" : "Your bid"}: ` +
    money(most, lot.standing.currency));
}

// Why there is no form, or null.
function whyNot(lot) {
  const { status } = lot.standing;
  if (isOver(lot.standing)) return "";
  if (session.user && ["auctioneer", "admin"].includes(session.user.role)) return "Staff do not bid.";
  return status === "scheduled" ? "Bidding has not started yet." : null;
}

function showForms(lot) {
  const reason = whyNot(lot), offered = lot.standing.buy_now_price, bids = lot.format !== "dutch";
  const leads = lot.you?.state === "leading" && !lot.proxy && lot.standing.reserve_met !== false;
  put(stop, reason ?? (leads && bids ? "You lead; a bid over your own is not needed." : ""));
  form.hidden = reason !== null || !bids || (leads && lot.format === "english");
  take.hidden = reason !== null || (bids && !offered);
  if (reason !== null) ask(null);
  if (!form.hidden) showBid(lot);
  if (!take.hidden) showTake(lot);
}

const least = (lot) => lot.you?.your_minimum ?? lot.standing.minimum_next ?? lot.standing.opening;
const raising = (lot) => lot.you?.state === "leading";

function showBid(lot) {
  const { currency } = lot.standing, minimum = least(lot);
  const label = isSealed(lot) ? "Your sealed bid" : lot.proxy ? "The most you would pay" : "Your bid";
  put($("label", form), `${label} (${currency})`);
  const usual = raising(lot) || (isSealed(lot) && lot.you) ? "" : plain(minimum, currency);
  if (!typed && input.value !== usual) {
    input.value = usual;
    changedAt = performance.now();
  }
  put($(".hint", form), raising(lot) ? "You may raise your maximum; nobody sees it." : `At least ${money(minimum, currency)}.`);
  showSteps(lot, minimum);
  showAmount();
}

// A few amounts to choose from. They only fill the field: nothing is bid until the button says so.
function showSteps(lot, minimum) {
  const { price, currency } = lot.standing, row = $(".steps", form);
  const size = 10 ** Math.floor(Math.log10(minimum) - 1);
  const step = !isSealed(lot) && price && minimum > price ? Math.max(minimum - price, size / 2) : size;
  const amounts = raising(lot) ? [] : [minimum, minimum + step, minimum + 3 * step, minimum + 6 * step];
  const wanted = amounts.map((amount) => plain(amount, currency)).join();
  if (row.dataset.wanted === wanted) return;
  row.dataset.wanted = wanted;
  while (row.children.length > amounts.length) row.lastChild.remove();
  amounts.forEach((amount, at) => {
    let button = row.children[at];
    if (!button) {
      button = row.appendChild(document.createElement("button"));
      button.type = "button";
      button.className = "quiet";
    }
    button.dataset.amount = plain(amount, currency);
    put(button, money(amount, currency));
  });
}

function showAmount() {
  const lot = lots.get(shown), amount = parseAmount(input.value, lot.standing.currency);
  const verb = isSealed(lot) && lot.you ? "Replace by" : "Bid";
  const text = amount ? `${verb} ${money(amount, lot.standing.currency)}` : "Bid";
  put($(".go", form), session.user ? text : "Sign in to bid");
  $(".go", form).disabled = sending;
}

function showTake(lot) {
  const { standing } = lot, button = $(".go", take);
  const amount = standing.clock ? clockPrice(standing, now()) : standing.buy_now_price;
  const text = `${standing.clock ? "Take it at" : "Buy now for"} ${money(amount, standing.currency)}`;
  button.dataset.amount = amount;
  put(button, session.user ? text : "Sign in to buy");
  button.disabled = sending;
}

function say(text, kind = "") {
  put(answer, text);
  answer.dataset.kind = kind;
}

// One question before what cannot be undone; null takes it away. Enter, pressed once too often, must not answer yes.
function ask(question, yes, bid) {
  asking = question === null ? null : bid;
  confirm.hidden = question === null;
  if (question === null) return;
  putTag($("span", confirm), question);
  put($(".yes", confirm), yes);
  $(".no", confirm).focus();
}

async function send(bid) {
  if (sending) return;
  const lot = lots.get(bid.auction);
  sending = true;
  ask(null);
  say(`Bidding ${money(bid.amount, lot.standing.currency)}…`);
  showForms(lot);
  const here = (text, kind) => shown === bid.auction && say(text, kind);
  const { good, text, again } = await place(bid, (each) => here(each, "wait"));
  sending = false;
  here(text, good ? "good" : "bad");
  if (shown !== bid.auction) return;
  typed = false;
  if (again) ask("", again.key === bid.key ? "Ask again" : "Yes, bid it", again);
  showLot();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const lot = lots.get(shown);
  if (!session.user) return askToSignIn();
  const amount = parseAmount(input.value, lot.standing.currency);
  if (amount === null) return say(`Write the amount in plain digits, such as ${plain(least(lot), lot.standing.currency)}.`, "bad");
  if (!typed && performance.now() - changedAt < SETTLE_MS) {
    return say(`The next bid has just become ${money(amount, lot.standing.currency)}. Press again if you want it.`, "wait");
  }
  send(newBid(lot, amount));
});
input.addEventListener("input", () => {
  typed = input.value.trim() !== "";
  showAmount();
});
$(".steps", form).addEventListener("click", ({ target }) => {
  if (!target.dataset.amount) return;
  typed = true;
  input.value = target.dataset.amount;
  showAmount();
});
$(".go", take).addEventListener("click", ({ target }) => {
  const lot = lots.get(shown), amount = Number(target.dataset.amount), text = money(amount, lot.standing.currency);
  if (!session.user) return askToSignIn();
  const question = lot.standing.clock ? `Buy it at the price then, at most ${text}?` : `Buy it for ${text}?`;
  ask(question, "Yes, buy it", newBid(lot, amount, lot.standing.clock ? "bid" : "buy_now"));
});
$(".yes", confirm).addEventListener("click", () => asking && send(asking));
$(".no", confirm).addEventListener("click", () => {
  ask(null);
  say("");
});

// Newest first; read again when something was decided, only while it is open.
async function showHistory(lot) {
  const details = $(".history", dialog), list = $("ol", details);
  if (!details.open || historySeq === lot.standing.seq) return;
  historySeq = lot.standing.seq;
  const query = `filters[auction][documentId]=${lot.id}&sort=seq:desc&pagination[pageSize]=30`;
  const { status, body } = await api(`/api/bids?${query}`).catch(() => ({}));
  if (status !== 200 || shown !== lot.id) return;
  list.replaceChildren(...body.data.map((bid) => {
    const row = document.createElement("li"), who = document.createElement("span"), what = document.createElement("span");
    const amount = bid.amount === null ? "sealed" : money(bid.amount, lot.standing.currency);
    put(who, `${bid.alias ?? "You"} · ${new Date(bid.placed_at).toLocaleTimeString()}`);
    put(what, bid.status === "accepted" ? amount : `${amount}, ${bid.status}`);
    row.append(who, what);
    return row;
  }));
}
$(".history", dialog).addEventListener("toggle", () => {
  historySeq = null;
  showLot();
});
