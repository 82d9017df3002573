import { useTranslations } from "use-intl";
import { useSearchParams } from "wouter";
import { useSession, useWatch } from "../../live/use";
import { Button, ButtonLink } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Tabs } from "../../parts/Tabs";
import { withOwnWords } from "../../words/OwnWords";
import { Failed } from "../own/Failed";
import rows from "../own/LotRow.module.css";
import { Heading } from "../shell/Heading";
import { Loading } from "../shell/Loading";
import { isIn, type OwnLot, type Tab, useOwnLots, useOwnStates } from "./lots";
import css from "./MinePage.module.css";
import { Offer } from "./Offer";
import { OwnLotRow } from "./OwnLotRow";

const TABS: Tab[] = ["leading", "outbid", "won", "all"];

function MinePage() {
  const t = useTranslations("mine");
  const { lots, isPending, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOwnLots();
  useWatch(lots.map((row) => row.documentId));
  return (
    <>
      <Heading title={t("title")} className={css.heading} />
      {isPending && <Loading />}
      {isError && <Failed again={refetch} />}
      {!isPending && !isError && <Lots lots={lots} />}
      {hasNextPage && (
        <p className={css.more}>
          <Button onClick={() => fetchNextPage()} busy={isFetchingNextPage}>
            {t("more")}
          </Button>
        </p>
      )}
    </>
  );
}

function Lots({ lots }: { lots: OwnLot[] }) {
  const t = useTranslations("mine");
  const { user } = useSession();
  const states = useOwnStates(lots, user?.documentId ?? "");
  const [params, setParams] = useSearchParams();
  const asked = params.get("tab");
  const tab = TABS.find((each) => each === asked) ?? "all";
  const choose = (next: Tab) => setParams(next === "all" ? {} : { tab: next }, { replace: true });
  const shown = lots.filter((row) => isIn(tab, states.get(row.documentId)));
  const count = (each: Tab) => lots.filter((row) => isIn(each, states.get(row.documentId))).length;
  if (!lots.length) {
    return (
      <Empty title={t("none.title")} text={t("none.text")}>
        <ButtonLink href="/" look="primary">
          {t("none.go")}
        </ButtonLink>
      </Empty>
    );
  }
  return (
    <div className={css.page}>
      <div className={css.offers}>
        {lots.map((row) => (
          <Offer key={row.documentId} row={row} />
        ))}
      </div>
      <Tabs
        label={t("title")}
        value={tab}
        onChange={choose}
        tabs={TABS.map((value) => ({ value, label: t("tab", { name: t(`tabs.${value}`), count: count(value) }) }))}
      >
        <div className={rows.list}>
          {shown.map((row) => (
            <OwnLotRow key={row.documentId} row={row} state={states.get(row.documentId) ?? "none"} />
          ))}
        </div>
        {!shown.length && <Empty title={t(`nothing.${tab}`)} />}
      </Tabs>
    </div>
  );
}

export default withOwnWords(MinePage);
