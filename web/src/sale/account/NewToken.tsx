import { useState } from "react";
import { useTranslations } from "use-intl";
import { ask } from "../../api/http";
import type { Role } from "../../api/types";
import { serverNow } from "../../live/clock";
import { Field } from "../../parts/Field";
import { Select } from "../../parts/Select";
import { useChecks } from "../entry/send";
import { Ask } from "../own/Ask";
import { useSaving } from "../own/useSaving";

export interface Token {
  documentId: string;
  name: string;
  role: Role;
  expires_at: number;
  accessKey?: string; // in the answer that made it, and never again
}

const DAY_MS = 86_400_000;
const DAYS = ["7", "30", "90", "365"] as const;
// No more than one's own, and for staff none that bids.
const BELOW: Record<Role, Role[]> = {
  public: [],
  authenticated: ["authenticated"],
  seller: ["seller", "authenticated"],
  auctioneer: ["auctioneer"],
  admin: ["admin", "auctioneer"],
};

interface NewTokenProps {
  role: Role;
  onMade: (token: Token) => void;
  onClose: () => void;
}

export function NewToken({ role, onMade, onClose }: NewTokenProps) {
  const t = useTranslations("account.tokens");
  const roles = useTranslations("account.profile.roles");
  const checks = useChecks();
  const { busy, fault, faults, check, run } = useSaving();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<Role>(BELOW[role][0] ?? role);
  const [days, setDays] = useState<(typeof DAYS)[number]>("30");

  const make = async () => {
    if (!check({ name: checks.filled(name.trim()) })) return;
    const data = { name: name.trim(), role: chosen, expires_at: Math.round(serverNow()) + Number(days) * DAY_MS };
    const made = await run(() => ask<{ data: Token }>("/api/api-tokens", { method: "POST", json: { data } }));
    if (made) onMade(made.body.data);
  };
  return (
    <Ask
      onClose={onClose}
      title={t("new")}
      description={t("newText")}
      yes={t("make")}
      busy={busy}
      fault={fault ?? faults.expires_at}
      onYes={make}
    >
      <Field
        label={t("name")}
        hint={t("nameHint")}
        value={name}
        onValue={setName}
        error={faults.name}
        maxLength={100}
      />
      <Select
        label={t("role")}
        value={chosen}
        onChange={setChosen}
        options={BELOW[role].map((value) => ({ value, label: roles(value) }))}
      />
      <Select
        label={t("until")}
        value={days}
        onChange={setDays}
        options={DAYS.map((value) => ({ value, label: t("days", { days: Number(value) }) }))}
      />
    </Ask>
  );
}
