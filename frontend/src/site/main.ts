/** What every page has: the sheet, the typeface, menus that close, the theme. */
import "@fontsource-variable/inter";
import "../../../src/homeshore/web/components/index.css";
import { closeMenus } from "./menus";
import { themeChoices } from "./theme";

closeMenus(document);
themeChoices(document);
