import { useTranslations } from "use-intl";
import { Refused } from "../../api/http";
import { withOwnWords } from "../../words/OwnWords";
import css from "./BidLine.module.css";
import { useWhy } from "./data";
import { useSentences } from "./sentences";

interface ReasonProps {
  bid: string;
  seq: number; // of the auction
  currency: string;
}

// Why a bid of mine was accepted or refused, and what ended its lead.
function Reason({ bid, seq, currency }: ReasonProps) {
  const t = useTranslations("why");
  const parts = useTranslations("parts");
  const sentences = useSentences(currency);
  const { data, error } = useWhy(bid, seq);
  const failed = error && (error instanceof Refused ? t(error.status === 409 ? "notKept" : "failed") : null);
  return (
    <div className={css.reason} role="status">
      {data && sentences(data).map((each) => <p key={each}>{each}</p>)}
      {!data && <p>{error ? (failed ?? parts("unreachable")) : parts("loading")}</p>}
    </div>
  );
}

export default withOwnWords(Reason);
