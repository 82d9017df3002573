import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "use-intl";
import { ask, get } from "../../api/http";
import { Badge } from "../../parts/Badge";
import { Button } from "../../parts/Button";
import { Panel } from "../../parts/Panel";
import { Skeleton } from "../../parts/Skeleton";
import { toast } from "../../parts/Toast";
import { Failed } from "../own/Failed";
import css from "./AccountPage.module.css";

interface SignedInAt {
  documentId: string;
  agent: string | null;
  address: string | null;
  createdAt: string;
  refreshed_at: string;
  current: boolean;
}

const KEY = ["own", "sessions"];
const BROWSERS: [string, RegExp][] = [
  ["Edge", /Edg\//],
  ["Opera", /OPR\//],
  ["Firefox", /Firefox\//],
  ["Chrome", /Chrom(e|ium)\//],
  ["Safari", /Safari\//],
];
const SYSTEMS: [string, RegExp][] = [
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["Android", /Android/],
  ["Windows", /Windows/],
  ["macOS", /Mac OS X/],
  ["Linux", /Linux/],
];

// By what a browser says of itself; a program's own words as they are.
function nameOf(agent: string | null): string | null {
  const named = (list: [string, RegExp][]) => list.find(([, words]) => words.test(agent ?? ""))?.[0];
  const found = [named(BROWSERS), named(SYSTEMS)].filter(Boolean).join(", ");
  return found || agent?.slice(0, 60) || null;
}

export function Sessions() {
  const t = useTranslations("account.sessions");
  const format = useFormatter();
  const client = useQueryClient();
  const { data, isError, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => get<SignedInAt[]>("/api/auth/sessions", signal),
  });
  const end = useMutation({
    mutationFn: (ids: string[]) => Promise.all(ids.map((id) => ask(`/api/auth/sessions/${id}`, { method: "DELETE" }))),
    onSuccess: () => toast({ title: t("ended") }),
    onError: (error) => toast({ title: error.message, tone: "danger" }),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  const others = data?.filter((each) => !each.current).map((each) => each.documentId) ?? [];
  return (
    <Panel
      id="sessions"
      title={t("title")}
      lead={t("lead")}
      beside={
        others.length > 1 && (
          <Button size="s" onClick={() => end.mutate(others)} busy={end.isPending}>
            {t("endAll")}
          </Button>
        )
      }
    >
      {!data && !isError && <Skeleton height="4rem" />}
      {isError && <Failed again={refetch} />}
      <ul className={css.rows}>
        {data?.map((each) => (
          <li key={each.documentId} className={css.row}>
            <span className={css.about}>
              <span className={css.name}>
                {nameOf(each.agent) ?? t("unknown")}
                {each.current && <Badge tone="leading">{t("here")}</Badge>}
              </span>
              <span className={css.soft}>
                {t("seen", {
                  when: format.dateTime(new Date(each.refreshed_at), { dateStyle: "medium", timeStyle: "short" }),
                  address: each.address ?? "–",
                })}
              </span>
            </span>
            {!each.current && (
              <Button size="s" onClick={() => end.mutate([each.documentId])} disabled={end.isPending}>
                {t("end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
