import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { ask, get } from "../../api/http";
import type { Role } from "../../api/types";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Panel } from "../../parts/Panel";
import { Skeleton } from "../../parts/Skeleton";
import { toast } from "../../parts/Toast";
import { Failed } from "../own/Failed";
import css from "./AccountPage.module.css";
import { NewToken, type Token } from "./NewToken";
import { Secret } from "./Secret";

const KEY = ["own", "tokens"];

export function Tokens({ role }: { role: Role }) {
  const t = useTranslations("account.tokens");
  const roles = useTranslations("account.profile.roles");
  const own = useTranslations("own");
  const format = useFormatter();
  const client = useQueryClient();
  const [made, setMade] = useState<Token | null>(null);
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Token | null>(null);
  const { data, isError, refetch } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await get<{ data: Token[] }>("/api/api-tokens", signal)).data,
  });
  const end = useMutation({
    mutationFn: (id: string) => ask(`/api/api-tokens/${id}`, { method: "DELETE" }),
    onSuccess: (_answer, id) => {
      setEnding(null);
      if (made?.documentId === id) setMade(null);
    },
    onError: (error) => toast({ title: error.message, tone: "danger" }),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  const keep = (token: Token) => {
    setMaking(false);
    setMade(token);
    client.invalidateQueries({ queryKey: KEY });
  };
  return (
    <Panel
      id="tokens"
      title={t("title")}
      lead={t("lead")}
      beside={
        <Button size="s" onClick={() => setMaking(true)}>
          {t("new")}
        </Button>
      }
    >
      {made && <Secret token={made} />}
      {!data && !isError && <Skeleton height="3rem" />}
      {isError && <Failed again={refetch} />}
      {data?.length === 0 && <p className={css.soft}>{t("none")}</p>}
      <ul className={css.rows}>
        {data?.map((each) => (
          <li key={each.documentId} className={css.row}>
            <span className={css.about}>
              <span className={css.name}>{each.name}</span>
              <span className={css.soft}>
                {t("about", {
                  role: roles(each.role),
                  until: format.dateTime(new Date(each.expires_at), { dateStyle: "medium" }),
                })}
              </span>
            </span>
            <Button
              size="s"
              look="danger"
              onClick={() => setEnding(each)}
              aria-label={t("revokeLabel", { name: each.name })}
            >
              {t("revoke")}
            </Button>
          </li>
        ))}
      </ul>
      {making && <NewToken role={role} onMade={keep} onClose={() => setMaking(false)} />}
      <Dialog
        open={ending !== null}
        onClose={() => setEnding(null)}
        title={t("revokeTitle", { name: ending?.name ?? "" })}
        description={t("revokeText")}
        footer={
          <>
            <Button onClick={() => setEnding(null)}>{own("cancel")}</Button>
            <Button look="danger" busy={end.isPending} onClick={() => ending && end.mutate(ending.documentId)}>
              {t("revoke")}
            </Button>
          </>
        }
      />
    </Panel>
  );
}
