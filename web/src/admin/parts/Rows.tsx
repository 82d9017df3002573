// The parts of a list that every resource has alike.

import { useMediaQuery } from "@mui/material";
import type { Theme } from "@mui/material/styles";
import type { ReactElement, ReactNode } from "react";
import {
  ColumnsButton,
  CreateButton,
  ExportButton,
  FilterButton,
  List,
  type ListProps,
  Pagination,
  TopToolbar,
  useResourceDefinition,
} from "react-admin";

interface RowsProps extends Omit<ListProps, "children"> {
  filters: ReactElement[];
  children: ReactNode;
  canExport?: boolean;
}

export function Rows({ filters, children, canExport = true, ...rest }: RowsProps) {
  const narrow = useMediaQuery<Theme>((theme) => theme.breakpoints.down("sm"));
  return (
    <List
      filters={filters}
      actions={<Actions narrow={narrow} canExport={canExport} />}
      pagination={<Pagination rowsPerPageOptions={[25, 50, 100]} />}
      perPage={25}
      empty={false}
      {...rest}
    >
      {children}
    </List>
  );
}

function Actions({ narrow, canExport }: { narrow: boolean; canExport: boolean }) {
  const { hasCreate } = useResourceDefinition();
  return (
    <TopToolbar>
      <FilterButton />
      {!narrow && <ColumnsButton />}
      {hasCreate && <CreateButton />}
      {canExport && <ExportButton maxResults={10_000} />}
    </TopToolbar>
  );
}
