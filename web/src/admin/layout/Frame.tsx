// What stands around every page: the bar, the menu, and whether the feed is there.

import { Box, Chip } from "@mui/material";
import type { ReactNode } from "react";
import { AppBar, Layout, Menu, TitlePortal, useTranslate } from "react-admin";
import { useLink } from "../../live/use";
import { ICONS } from "./icons";

export function Frame({ children }: { children: ReactNode }) {
  return (
    <Layout appBar={Bar} menu={SideMenu} appBarAlwaysOn>
      {children}
    </Layout>
  );
}

function Bar() {
  return (
    <AppBar alwaysOn color="inherit">
      <TitlePortal component="h1" />
      <LinkState />
    </AppBar>
  );
}

function LinkState() {
  const translate = useTranslate();
  const link = useLink();
  return (
    <Box role="status" sx={{ mr: 1 }}>
      <Chip
        size="small"
        variant="outlined"
        color={link === "live" ? "success" : link === "down" ? "error" : "default"}
        label={translate(`vendue.link.${link}`)}
      />
    </Box>
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
