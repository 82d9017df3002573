// The tokens as MUI's theme, dense as a desk needs it.

import { defaultTheme, type RaThemeOptions } from "react-admin";
import { DARK, FONT, LIGHT, type Palette, RADIUS } from "./tokens";

function theme(mode: "light" | "dark", colours: Palette): RaThemeOptions {
  return {
    ...defaultTheme,
    palette: {
      mode,
      primary: { main: colours.accent, contrastText: colours.onAccent },
      secondary: { main: colours.accent, contrastText: colours.onAccent },
      error: { main: colours.bad },
      warning: { main: colours.warning },
      success: { main: colours.good },
      info: { main: colours.info },
      background: { default: colours.ground, paper: colours.surface },
      text: { primary: colours.ink, secondary: colours.quiet },
      divider: colours.line,
    },
    shape: { borderRadius: RADIUS },
    typography: {
      fontFamily: FONT,
      fontSize: 13,
      button: { textTransform: "none", fontWeight: 600 },
      h5: { fontSize: 20, fontWeight: 650, letterSpacing: "-0.01em" },
      h6: { fontSize: 17, fontWeight: 650, letterSpacing: "-0.01em" },
    },
    sidebar: { width: 184, closedWidth: 50 },
    components: {
      ...defaultTheme.components,
      MuiCssBaseline: {
        styleOverrides: {
          body: { fontVariantNumeric: "tabular-nums" },
          ":focus-visible": { outline: `2px solid ${colours.accent}`, outlineOffset: 2 },
          "@media (prefers-reduced-motion: reduce)": {
            "*": { animationDuration: "0.01ms !important", transitionDuration: "0.01ms !important" },
          },
        },
      },
      MuiPaper: {
        defaultProps: { elevation: 0 },
        styleOverrides: {
          root: { backgroundImage: "none", "&.MuiPaper-elevation0": { border: `1px solid ${colours.line}` } },
        },
      },
      MuiAppBar: {
        styleOverrides: {
          root: {
            backgroundColor: colours.surface,
            color: colours.ink,
            border: 0,
            borderBottom: `1px solid ${colours.line}`,
            borderRadius: 0,
            boxShadow: "none",
          },
        },
      },
      MuiTextField: { defaultProps: { variant: "outlined", margin: "dense", size: "small" } },
      MuiFormControl: { defaultProps: { variant: "outlined", margin: "dense", size: "small" } },
      MuiFormHelperText: { styleOverrides: { root: { "&:empty": { display: "none" } } } },
      MuiButton: { defaultProps: { disableElevation: true } },
      MuiTableCell: {
        styleOverrides: {
          root: { borderColor: colours.line },
          sizeSmall: { padding: "6px 12px" },
          head: { color: colours.quiet, fontWeight: 600 },
        },
      },
      // A row's checkbox is named on a span around it, where no reader looks.
      MuiCheckbox: {
        defaultProps: {
          slotProps: {
            input: (own: Record<string, unknown>) => ({ "aria-label": own["aria-label"] }),
            root: { "aria-label": undefined },
          },
        },
      },
      MuiDrawer: { styleOverrides: { paper: { border: "0 !important" } } },
      RaTopToolbar: { styleOverrides: { root: { backgroundColor: "transparent !important" } } },
      RaListToolbar: { styleOverrides: { root: { "& .RaListToolbar-actions": { backgroundColor: "transparent" } } } },
      RaDataTable: {
        styleOverrides: {
          root: {
            // One long title must not push what stands beside it out of sight; whole it stands on its row's own page.
            "& .RaDataTable-rowCell": {
              whiteSpace: "nowrap",
              maxWidth: 340,
              overflow: "hidden",
              textOverflow: "ellipsis",
            },
            // Not what is around it: there the bar of bulk actions stands above, and would be cut off.
            "& .RaDataTable-tableWrapper": { overflowX: "auto" },
          },
        },
      },
      RaSimpleList: { styleOverrides: { root: { "& .RaSimpleList-tertiary": { opacity: 1, float: "right" } } } },
      RaToolbar: { styleOverrides: { root: { backgroundColor: `${colours.raised} !important` } } },
      RaList: {
        styleOverrides: {
          root: {
            minWidth: 0,
            "& .RaList-main": { minWidth: 0 },
            "& .RaList-content": { minWidth: 0 },
          },
        },
      },
      RaShow: {
        styleOverrides: {
          root: { "& .RaShow-main": { minWidth: 0 }, "& .RaShow-card": { minWidth: 0, overflowX: "auto" } },
        },
      },
      RaEdit: { styleOverrides: { root: { "& .RaEdit-main, & .RaEdit-card": { minWidth: 0 } } } },
      MuiTooltip: { defaultProps: { describeChild: true } },
      RaMenuItemLink: {
        styleOverrides: {
          root: {
            color: colours.quiet,
            borderRadius: RADIUS,
            margin: "1px 6px",
            minHeight: 38,
            "&.RaMenuItemLink-active": { color: colours.accent, backgroundColor: colours.raised, fontWeight: 650 },
            "&.RaMenuItemLink-active .RaMenuItemLink-icon": { color: colours.accent },
            "& .RaMenuItemLink-icon": { color: "inherit" },
          },
        },
      },
      RaLayout: {
        styleOverrides: {
          root: {
            minWidth: 0,
            "& .RaLayout-contentWithSidebar": { minWidth: 0 },
            "& .RaLayout-content": { minWidth: 0, padding: 16, "@media (max-width: 600px)": { padding: 8 } },
          },
        },
      },
      RaBulkActionsToolbar: {
        styleOverrides: {
          root: { "& .RaBulkActionsToolbar-toolbar": { backgroundColor: colours.raised, color: colours.ink } },
        },
      },
    },
  } as RaThemeOptions;
}

export const lightTheme = theme("light", LIGHT);
export const darkTheme = theme("dark", DARK);
