// The way of a bid: asked about, sent, answered.

import { useCallback, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Standing } from "../../api/types";
import { takeStanding } from "../../live/feed";
import { useSession } from "../../live/use";
import { useSignInAddress } from "../shell/SignedIn";
import { type Bid, newBid } from "./bid";
import { forgetBid, keepBid, keptBid } from "./pending";
import { type Fate, lookUp, type Progress, place } from "./place";

export const SETTLE_MS = 600; // what came under the finger just now may not be what was meant

export type Step =
  | { at: "rest" }
  | { at: "asking"; bid: Bid; jump: boolean; since: number }
  | { at: "sending"; bid: Bid; progress: Progress | null }
  | { at: "answered"; fate: Fate };

export interface Bidding {
  step: Step;
  ask: (amount: number, kind?: Bid["kind"]) => void;
  confirm: () => void;
  again: () => void; // what may not have arrived, under the same key
  dismiss: () => void;
}

export function useBidding(standing: Standing): Bidding {
  const { auction } = standing;
  const [step, setStep] = useState<Step>({ at: "rest" });
  const { user } = useSession();
  const [, navigate] = useLocation();
  const signIn = useSignInAddress();
  const sending = useRef(false);
  const id = user?.documentId;

  const follow = useCallback(async (bid: Bid, going: (progress: (what: Progress) => void) => Promise<Fate>) => {
    if (sending.current) return;
    sending.current = true;
    setStep({ at: "sending", bid, progress: null });
    try {
      const fate = await going((progress) => setStep({ at: "sending", bid, progress }));
      const standing = fate.kind === "accepted" ? fate.data.standing : standingIn(fate);
      if (standing) takeStanding(standing);
      if (fate.kind === "accepted" || fate.kind === "refused") forgetBid(bid.auction);
      setStep(isJump(fate) ? askJump(bid) : { at: "answered", fate });
    } catch (error) {
      setStep({ at: "answered", fate: { kind: "unknown", bid } });
      throw error;
    } finally {
      sending.current = false;
    }
  }, []);

  const send = useCallback(
    (bid: Bid) => {
      if (!id) return;
      keepBid(bid, id);
      follow(bid, (progress) => place(bid, progress));
    },
    [id, follow],
  );

  // What was under way when the page was left.
  useEffect(() => {
    const bid = id ? keptBid(auction, id) : null;
    if (id && bid) follow(bid, (progress) => lookUp(bid, id, progress));
  }, [auction, id, follow]);

  // What was said of a bid is not so any more once the lot has moved on.
  const said = step.at === "answered" && step.fate.kind === "accepted" ? step.fate.data.standing : null;
  useEffect(() => {
    if (!said || standing.seq <= said.seq) return;
    const { status, leader, price } = said;
    if (standing.status !== status || standing.leader !== leader || standing.price !== price) setStep({ at: "rest" });
  }, [said, standing]);

  const ask = (amount: number, kind: Bid["kind"] = "bid") => {
    if (sending.current) return;
    if (!id) return navigate(signIn);
    setStep({ at: "asking", bid: newBid(auction, amount, kind), jump: false, since: performance.now() });
  };
  const confirm = () => {
    if (step.at === "asking" && performance.now() - step.since >= SETTLE_MS) send(step.bid);
  };
  const again = () => {
    if (step.at === "answered") send(step.fate.bid);
  };
  const dismiss = () => {
    if (step.at !== "sending") setStep({ at: "rest" });
  };
  return { step, ask, confirm, again, dismiss };
}

const standingIn = (fate: Fate) => (fate.kind === "refused" ? fate.error.details?.standing : undefined);

const isJump = (fate: Fate) => fate.kind === "refused" && fate.error.details?.code === "jump_too_large";

const askJump = ({ auction, amount, kind }: Bid): Step => ({
  at: "asking",
  bid: newBid(auction, amount, kind, true),
  jump: true,
  since: performance.now(),
});
