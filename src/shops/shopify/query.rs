//! What Shopify is asked, word for word. The tests hold each of these against Shopify's published schema of
//! [`API_VERSION`](super::API_VERSION). Orders are asked for what `formats/shopify_graphql.rs` reads, and for
//! nothing that needs another permission than `read_orders`.

/// One question or act, with its name in costs and messages.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The name in its text.
    pub name: &'static str,
    /// The text, without the fragments.
    pub text: &'static str,
    /// The fragments that it uses.
    pub fragments: &'static [&'static str],
}

impl Operation {
    /// All of it.
    pub fn document(&self) -> String {
        let mut whole = self.text.to_owned();
        for fragment in self.fragments {
            whole.push('\n');
            whole.push_str(fragment);
        }
        whole
    }
}

/// A page of orders, those that changed longest ago first.
pub const ORDERS: Operation = Operation {
    name: "PomsOrders",
    text: "query PomsOrders($first: Int!, $after: String, $filter: String!, $lines: Int!) {
  orders(first: $first, after: $after, query: $filter, sortKey: UPDATED_AT) {
    edges { cursor node { ...PomsOrder } }
    pageInfo { hasNextPage endCursor }
  }
}",
    fragments: &[ORDER, LINES, ADDRESS, MONEY],
};

/// Further lines of an order that has many.
pub const MORE_LINES: Operation = Operation {
    name: "PomsMoreLines",
    text: "query PomsMoreLines($id: ID!, $after: String, $lines: Int!) {
  order(id: $id) {
    updatedAt
    lineItems(first: $lines, after: $after) { ...PomsLines }
  }
}",
    fragments: &[LINES, MONEY],
};

/// Who we are to the shop: what the app may do.
pub const WHO: Operation = Operation {
    name: "PomsWho",
    text: "query PomsWho {
  shop { name myshopifyDomain }
  currentAppInstallation { accessScopes { handle } }
}",
    fragments: &[],
};

const ORDER: &str = "fragment PomsOrder on Order {
  id name createdAt updatedAt cancelledAt cancelReason closedAt test currencyCode
  displayFinancialStatus displayFulfillmentStatus confirmed email phone note poNumber sourceName tags
  taxesIncluded paymentGatewayNames
  customAttributes { key value }
  shippingAddress { ...PomsAddress }
  billingAddress { ...PomsAddress }
  totalPriceSet { ...PomsMoney }
  totalDiscountsSet { ...PomsMoney }
  totalTaxSet { ...PomsMoney }
  totalShippingPriceSet { ...PomsMoney }
  totalTipReceivedSet { ...PomsMoney }
  totalReceivedSet { ...PomsMoney }
  totalOutstandingSet { ...PomsMoney }
  totalRefundedSet { ...PomsMoney }
  originalTotalDutiesSet { ...PomsMoney }
  originalTotalAdditionalFeesSet { ...PomsMoney }
  totalCashRoundingAdjustment { paymentSet { ...PomsMoney } }
  shippingLines(first: 3) {
    nodes { title code source deliveryCategory originalPriceSet { ...PomsMoney } discountedPriceSet { ...PomsMoney } }
    pageInfo { hasNextPage }
  }
  lineItems(first: $lines) { ...PomsLines }
}";

const LINES: &str = "fragment PomsLines on LineItemConnection {
  nodes {
    id sku title name variantTitle vendor quantity currentQuantity unfulfilledQuantity
    requiresShipping isGiftCard
    customAttributes { key value }
    originalUnitPriceSet { ...PomsMoney }
  }
  pageInfo { hasNextPage endCursor }
}";

const ADDRESS: &str = "fragment PomsAddress on MailingAddress {
  name firstName lastName company address1 address2 city province provinceCode zip country countryCodeV2 phone
}";

const MONEY: &str = "fragment PomsMoney on MoneyBag { shopMoney { amount currencyCode } }";

/// A page of orders with no more than says how each stands, those that changed longest ago first.
pub const COMPARED: Operation = Operation {
    name: "PomsCompared",
    text: "query PomsCompared($first: Int!, $after: String, $filter: String!, $fulfilments: Int!) {
  orders(first: $first, after: $after, query: $filter, sortKey: UPDATED_AT) {
    edges { cursor node { ...PomsStanding } }
    pageInfo { hasNextPage }
  }
}",
    fragments: &[STANDING],
};

/// The same of one order.
pub const COMPARED_ONE: Operation = Operation {
    name: "PomsComparedOne",
    text: "query PomsComparedOne($id: ID!, $fulfilments: Int!) {
  order(id: $id) { ...PomsStanding }
}",
    fragments: &[STANDING],
};

const STANDING: &str = "fragment PomsStanding on Order {
  id name updatedAt cancelledAt cancelReason closedAt test
  displayFinancialStatus displayFulfillmentStatus
  fulfillments(first: $fulfilments) { status trackingInfo(first: 10) { number } }
}";

/// How an order's goods stand in the shop: what was fulfilled, and what is open where.
pub const FULFILMENTS: Operation = Operation {
    name: "PomsFulfilments",
    text: "query PomsFulfilments($id: ID!, $fulfilments: Int!) {
  order(id: $id) {
    id closed
    fulfillments(first: $fulfilments) { id status trackingInfo(first: 10) { number } }
    fulfillmentOrders(first: 5) {
      nodes {
        id status
        assignedLocation { name }
        lineItems(first: 40) {
          nodes { id remainingQuantity lineItem { id } }
          pageInfo { hasNextPage }
        }
      }
      pageInfo { hasNextPage }
    }
  }
}",
    fragments: &[],
};

/// Says that pieces were sent.
pub const FULFIL: Operation = Operation {
    name: "PomsFulfil",
    text: "mutation PomsFulfil($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id status }
    userErrors { field message }
  }
}",
    fragments: &[],
};

/// Closes an order of which nothing is left to do.
pub const CLOSE: Operation = Operation {
    name: "PomsClose",
    text: "mutation PomsClose($input: OrderCloseInput!) {
  orderClose(input: $input) {
    order { id closed }
    userErrors { field message }
  }
}",
    fragments: &[],
};
