import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { useSearchParams } from "wouter";
import { Button } from "../../parts/Button";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { Select } from "../../parts/Select";
import { Tabs } from "../../parts/Tabs";
import { Heading } from "../shell/Heading";
import { SearchField } from "../shell/SearchField";
import css from "./AuctionsPage.module.css";
import { countFilters, type Filters, readFilters, SORTS, TABS, writeFilters } from "./filters";
import { Ghosts } from "./Ghosts";
import { Grid } from "./Grid";
import { useRows } from "./rows";

const FilterPanel = lazy(() => import("./FilterPanel"));

export default function AuctionsPage() {
  const t = useTranslations("auctions");
  const [params, setParams] = useSearchParams();
  const address = params.toString();
  const filters = useMemo(() => readFilters(new URLSearchParams(address)), [address]);
  const chosen = countFilters(filters);
  const [open, setOpen] = useState(chosen > (filters.soon ? 1 : 0));
  const {
    rows,
    total,
    isPending,
    isError,
    isPlaceholderData,
    refetch,
    fetchNextPage,
    hasNextPage,
    isFetchingNextPage,
  } = useRows(filters);

  const change = useCallback(
    (next: Partial<Filters>) =>
      setParams((before) => writeFilters({ ...readFilters(before), ...next }), { replace: !("tab" in next) }),
    [setParams],
  );
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const makes = useMemo(
    () => [...new Set([...rows.values()].flatMap(({ car }) => (car?.make ? [car.make] : [])))].sort(),
    [rows],
  );

  return (
    <>
      <Heading title={t("title")} className={css.title} />
      <SearchField className={css.search} />
      <Tabs
        label={t("title")}
        value={filters.tab}
        onChange={(tab) => change({ tab })}
        tabs={TABS.map((value) => ({ value, label: t(`tabs.${value}`) }))}
        beside={
          <div className={css.tools}>
            {filters.tab !== "finished" && (
              <Button
                size="s"
                aria-pressed={filters.soon}
                className={css.toggle}
                onClick={() => change({ soon: !filters.soon })}
              >
                <Icon name="clock" size={16} />
                {t("soon")}
              </Button>
            )}
            <Button size="s" aria-expanded={open} className={css.toggle} onClick={() => setOpen(!open)}>
              <Icon name="filter" size={16} />
              {t("filters", { count: chosen })}
            </Button>
            <Select
              label={t("sort.label")}
              labelHidden
              size="s"
              value={filters.sort}
              onChange={(sort) => change({ sort })}
              options={SORTS.map((value) => ({
                value,
                label: t(value === "soonest" ? `soonest.${filters.tab}` : `sort.${value}`),
              }))}
            />
          </div>
        }
      >
        {open && (
          <Suspense>
            <FilterPanel filters={filters} makes={makes} change={change} />
          </Suspense>
        )}
        <p className={css.total} role="status">
          {total !== undefined && t("total", { count: total })}
        </p>
        {isPending && <Ghosts />}
        {isError && !rows.size && (
          <Empty title={t("failed.title")} text={t("failed.text")}>
            <Button look="primary" onClick={() => refetch()}>
              {t("failed.again")}
            </Button>
          </Empty>
        )}
        {total === 0 && !isPlaceholderData && (
          <Empty title={t(`none.${filters.tab}`)} text={chosen || filters.q ? t("none.filtered") : undefined}>
            {(chosen > 0 || filters.q) && (
              <Button onClick={() => setParams(filters.tab === "live" ? "" : `tab=${filters.tab}`)}>
                {t("none.all")}
              </Button>
            )}
          </Empty>
        )}
        <div aria-busy={isPlaceholderData} className={css.results}>
          {rows.size > 0 && <Grid key={filters.tab} rows={rows} filters={filters} more={more} />}
        </div>
      </Tabs>
    </>
  );
}
