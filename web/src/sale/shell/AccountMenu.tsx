import { useTranslations } from "use-intl";
import { signOut } from "../../api/session";
import type { User } from "../../api/types";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "../../parts/Menu";
import css from "./AccountMenu.module.css";

export function AccountMenu({ user }: { user: User }) {
  const t = useTranslations("shell");
  const staff = user.role === "auctioneer" || user.role === "admin";
  return (
    <Menu
      trigger={
        <Button size="s" look="plain" className={css.trigger} aria-label={`${t("account")}: ${user.username}`}>
          <span className={css.face} data-letter={user.username.slice(0, 1).toUpperCase()} aria-hidden="true" />
          <span className={css.name}>{user.username}</span>
          <Icon name="down" size={16} />
        </Button>
      }
    >
      <MenuLink href="/account">{t("account")}</MenuLink>
      <MenuLink href="/mine">{t("mine")}</MenuLink>
      <MenuLink href="/watchlist">{t("watchlist")}</MenuLink>
      {staff && (
        <MenuLink href="/admin" outside>
          {t("panel")}
        </MenuLink>
      )}
      <MenuSeparator />
      <MenuItem onClick={signOut}>{t("signOut")}</MenuItem>
    </Menu>
  );
}
