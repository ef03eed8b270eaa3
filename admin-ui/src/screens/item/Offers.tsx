import { Button } from "antd";
import { useState } from "react";
import type { ItemView, OfferView } from "../../api/types";
import { isDangerous } from "./danger";
import { OfferDialog } from "./OfferDialog";

const nameOf = ({ instance, node, offer }: OfferView) => `${instance}/${node}/${offer}`;

/** What the reader may do with an item now. */
export function Offers({ item }: { item: ItemView }) {
  const [chosen, setChosen] = useState<OfferView>();
  return (
    <>
      {item.offers.map((offer) => (
        <Button key={nameOf(offer)} danger={isDangerous(offer)} onClick={() => setChosen(offer)}>
          {offer.title}
        </Button>
      ))}
      {chosen ? (
        <OfferDialog key={nameOf(chosen)} item={item} offer={chosen} onClose={() => setChosen(undefined)} />
      ) : null}
    </>
  );
}
