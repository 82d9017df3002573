import { Heading } from "../shell/Heading";

export default function AuctionPage({ id }: { id: string }) {
  return <Heading title={id} />;
}
