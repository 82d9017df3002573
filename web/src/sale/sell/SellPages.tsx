import { Route, Switch } from "wouter";
import { useSession } from "../../live/use";
import { withOwnWords } from "../../words/OwnWords";
import { NotFound } from "../shell/NotFound";
import { BecomeSeller } from "./BecomeSeller";
import { CarPage } from "./car/CarPage";
import { OwnAuctionPage } from "./OwnAuctionPage";
import { SellHome } from "./SellHome";
import { NewDraftPage } from "./terms/NewDraftPage";

function SellPages() {
  const { user } = useSession();
  if (user?.role !== "seller") return <BecomeSeller />;
  return (
    <Switch>
      <Route path="/sell">
        <SellHome user={user} />
      </Route>
      <Route path="/sell/cars/new">
        <CarPage />
      </Route>
      <Route path="/sell/cars/:id">{({ id }) => <CarPage key={id} id={id} />}</Route>
      <Route path="/sell/auctions/new" component={NewDraftPage} />
      <Route path="/sell/auctions/:id">{({ id }) => <OwnAuctionPage key={id} id={id} />}</Route>
      <Route component={NotFound} />
    </Switch>
  );
}

export default withOwnWords(SellPages);
