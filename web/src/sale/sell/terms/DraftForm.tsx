import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useLocation } from "wouter";
import type { Auction } from "../../../api/types";
import { useSession } from "../../../live/use";
import { Button } from "../../../parts/Button";
import { Note } from "../../../parts/Note";
import { Panel } from "../../../parts/Panel";
import { toast } from "../../../parts/Toast";
import forms from "../../own/Form.module.css";
import { type Faults, focusFirstFault } from "../../own/useSaving";
import { Conflict } from "../Conflict";
import { type Tagged, useOwnCars } from "../data";
import css from "../Sell.module.css";
import { atFields, type Draft } from "./draft";
import { ListDialog } from "./ListDialog";
import { RemoveDraft } from "./RemoveDraft";
import { Summary } from "./Summary";
import { useSummary } from "./sentences";
import { TermsForm } from "./TermsForm";
import { useDraft } from "./useDraft";

interface DraftFormProps {
  first: Draft;
  found?: Tagged<Auction>;
  startAgain?: () => Promise<void>; // from what is there now
}

export function DraftForm({ first, found, startAgain }: DraftFormProps) {
  const t = useTranslations("run");
  const terms = useTranslations("terms");
  const own = useTranslations("own");
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const { user } = useSession();
  const cars = useOwnCars(user?.documentId ?? "");
  const form = useRef<HTMLFormElement>(null);
  const [listing, setListing] = useState<Auction | null>(null);
  const [refused, setRefused] = useState<Faults>({}); // when it was to be listed
  const draft = useDraft(first, found);
  const summary = useSummary();
  const faults = { ...refused, ...draft.faults };
  const unplaced = Object.keys(refused).length > 0;

  const saved = async (row: Auction | null) => {
    client.invalidateQueries({ queryKey: ["own"] });
    if (row) toast({ title: own("saved"), id: "saved" });
    else focusFirstFault(form.current);
    if (row && !found) navigate(`/sell/auctions/${row.documentId}`, { replace: true });
  };
  const save = async () => {
    setRefused({});
    if (draft.check(false)) await saved(await draft.save());
    else focusFirstFault(form.current);
  };
  const askToList = async () => {
    setRefused({});
    const row = draft.check(true) ? await draft.save() : null;
    if (row) setListing(row);
    else focusFirstFault(form.current);
  };
  const listed = (row: Auction) => {
    toast({ title: t("listed", { title: row.title }), tone: "leading" });
    if (found) startAgain?.();
    else navigate(`/sell/auctions/${row.documentId}`, { replace: true });
  };
  const notListed = async (named: Faults) => {
    setListing(null);
    await draft.takeTag();
    setRefused(atFields(named));
    focusFirstFault(form.current);
  };
  return (
    <form
      ref={form}
      className={css.sides}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!draft.busy) save();
      }}
    >
      <div className={css.main}>
        <TermsForm titled draft={draft.draft} faults={faults} change={draft.change} cars={cars.rows} />
      </div>
      <div className={css.aside}>
        <Panel title={terms("inWords")}>
          <Summary sentences={summary(draft.values)} />
        </Panel>
        {(draft.fault || unplaced) && (
          <Note tone="danger" alert>
            {draft.fault ?? Object.values(refused).join(" ")}
          </Note>
        )}
        <div className={forms.actions}>
          <Button look="primary" wide onClick={askToList} busy={draft.busy}>
            {t("putUp")}
          </Button>
          <Button type="submit" wide busy={draft.busy}>
            {t("saveDraft")}
          </Button>
          {draft.there && <RemoveDraft row={draft.there} />}
        </div>
      </div>
      {listing && (
        <ListDialog
          row={listing}
          sentences={summary(draft.values)}
          onClose={() => setListing(null)}
          onListed={() => listed(listing)}
          onFaults={notListed}
        />
      )}
      <Conflict
        open={draft.stale}
        busy={draft.busy}
        onClose={draft.forgive}
        onTheirs={() => startAgain?.()}
        onMine={async () => saved(await draft.keepMine())}
      />
    </form>
  );
}
