// What stands around every page: the bar and the menu.

import { type ReactNode, useEffect } from "react";
import { Layout, Menu, useLocale, useTranslate } from "react-admin";
import { Bar } from "./Bar";
import { ICONS } from "./icons";

export function Frame({ children }: { children: ReactNode }) {
  const locale = useLocale();
  useEffect(() => {
    document.documentElement.lang = locale ?? "en";
  }, [locale]);
  return (
    <Layout appBar={Bar} menu={SideMenu} appBarAlwaysOn>
      {children}
    </Layout>
  );
}

function SideMenu() {
  const translate = useTranslate();
  const own = (name: "board" | "roles" | "health") => {
    const Icon = ICONS[name];
    return <Menu.Item to={`/${name}`} primaryText={translate(`vendue.${name}.title`)} leftIcon={<Icon />} />;
  };
  return (
    <Menu>
      {own("board")}
      <Menu.ResourceItem name="auctions" />
      <Menu.ResourceItem name="cars" />
      <Menu.ResourceItem name="bids" />
      <Menu.ResourceItem name="users" />
      <Menu.ResourceItem name="files" />
      <Menu.ResourceItem name="audit-log" />
      <Menu.ResourceItem name="api-tokens" />
      {own("roles")}
      {own("health")}
    </Menu>
  );
}
