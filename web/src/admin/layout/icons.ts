import ArticleIcon from "@mui/icons-material/ArticleOutlined";
import CarIcon from "@mui/icons-material/DirectionsCarOutlined";
import GavelIcon from "@mui/icons-material/GavelOutlined";
import GroupIcon from "@mui/icons-material/GroupOutlined";
import KeyIcon from "@mui/icons-material/KeyOutlined";
import OfferIcon from "@mui/icons-material/LocalOfferOutlined";
import HealthIcon from "@mui/icons-material/MonitorHeartOutlined";
import PhotoIcon from "@mui/icons-material/PhotoOutlined";
import RolesIcon from "@mui/icons-material/RuleOutlined";
import BoardIcon from "@mui/icons-material/ViewListOutlined";

export const ICONS = {
  board: BoardIcon,
  cars: CarIcon,
  auctions: GavelIcon,
  bids: OfferIcon,
  users: GroupIcon,
  files: PhotoIcon,
  "audit-log": ArticleIcon,
  "api-tokens": KeyIcon,
  roles: RolesIcon,
  health: HealthIcon,
};
