import { useState } from "react";
import { useLocale } from "use-intl";
import { Refused } from "../../api/http";
import { useSession } from "../../live/use";
import { Failed } from "../own/Failed";
import { Heading } from "../shell/Heading";
import { Loading } from "../shell/Loading";
import { NotFound } from "../shell/NotFound";
import { Back } from "./Back";
import { useOwnAuction } from "./data";
import { RunPage } from "./run/RunPage";
import css from "./Sell.module.css";
import { DraftForm } from "./terms/DraftForm";
import { draftOf } from "./terms/draft";

// A draft to work on, or a listed auction to run.
export function OwnAuctionPage({ id }: { id: string }) {
  const locale = useLocale();
  const { user } = useSession();
  const { data, isError, error, refetch } = useOwnAuction(id);
  const [version, setVersion] = useState(0); // what is read again by itself must not wipe out what is typed
  const startAgain = async () => {
    await refetch();
    setVersion((before) => before + 1);
  };
  const gone = error instanceof Refused && error.status === 404;
  const others = data && data.row.seller?.documentId !== user?.documentId;
  if (gone || others) return <NotFound />;
  if (!data) return isError ? <Failed again={refetch} /> : <Loading />;
  if (data.row.status !== "draft") return <RunPage row={data.row} />;
  return (
    <>
      <Back />
      <Heading title={data.row.title} className={css.heading} />
      <DraftForm key={version} first={draftOf(data.row, locale)} found={data} startAgain={startAgain} />
    </>
  );
}
