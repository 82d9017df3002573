import { useTranslations } from "use-intl";
import { useSession } from "../../live/use";
import { withOwnWords } from "../../words/OwnWords";
import { Heading } from "../shell/Heading";
import css from "./AccountPage.module.css";
import { Display } from "./Display";
import { Forget } from "./Forget";
import { Notices } from "./Notices";
import { Password } from "./Password";
import { Profile } from "./Profile";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";

const PARTS = ["profile", "password", "sessions", "notices", "display", "tokens", "forget"] as const;

function AccountPage() {
  const t = useTranslations("account");
  const { user } = useSession();
  if (!user) return null;
  return (
    <>
      <Heading title={t("title")} className={css.heading} />
      <div className={css.page}>
        <nav className={css.nav} aria-label={t("title")}>
          {PARTS.map((part) => (
            <a key={part} href={`#${part}`} className={css.link}>
              {t(`parts.${part}`)}
            </a>
          ))}
        </nav>
        <div className={css.parts}>
          <Profile user={user} />
          <Password user={user} />
          <Sessions />
          <Notices />
          <Display />
          <Tokens role={user.role} />
          <Forget user={user} />
        </div>
      </div>
    </>
  );
}

export default withOwnWords(AccountPage);
