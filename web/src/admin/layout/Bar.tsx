// The bar above every page. On a phone the page's title needs the room: the language moves into the menu of the person.

import { Box, Chip, MenuItem } from "@mui/material";
import {
  AppBar,
  Logout,
  TitlePortal,
  ToggleThemeButton,
  UserMenu,
  useGetIdentity,
  useLocaleState,
  useLocales,
  useTranslate,
  useUserMenu,
} from "react-admin";
import { useLink } from "../../live/use";
import { useNarrow } from "../parts/Narrow";

export function Bar() {
  const toolbar = useNarrow() ? { toolbar: <ToggleThemeButton /> } : {};
  return (
    <AppBar alwaysOn color="inherit" userMenu={<PersonMenu />} {...toolbar}>
      <TitlePortal component="h1" />
      <LinkState />
    </AppBar>
  );
}

function LinkState() {
  const translate = useTranslate();
  const link = useLink();
  return (
    <Box role="status" sx={{ mx: 1 }}>
      <Chip
        size="small"
        variant="outlined"
        color={link === "live" ? "success" : link === "down" ? "error" : "default"}
        label={translate(`vendue.link.${link}`)}
      />
    </Box>
  );
}

function PersonMenu() {
  const narrow = useNarrow();
  const { data: identity } = useGetIdentity();
  return (
    <UserMenu label={identity?.fullName}>
      {narrow && <Languages />}
      <Logout />
    </UserMenu>
  );
}

function Languages() {
  const locales = useLocales();
  const [locale, setLocale] = useLocaleState();
  const menu = useUserMenu();
  return locales?.map(({ locale: each, name }) => (
    <MenuItem
      key={each}
      lang={each}
      selected={each === locale}
      onClick={() => {
        setLocale(each);
        menu?.onClose();
      }}
    >
      {name}
    </MenuItem>
  ));
}
