// The balance of the person one is, and the ledger behind it.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { empty } from "./empty.js";
import { giveCredits } from "./header.js";
import { me, on, state } from "./state.js";
import { figure, second } from "./time.js";

/** What an entry does to what can be spent. */
const WORDS = {
  grant: "Given",
  "grant-bonus": "Given",
  "grant-paid": "Bought",
  hold: "Set aside",
  capture: "Paid",
  release: "Given back",
  refund: "Refunded",
  "claw-back": "Taken back",
};

function balance() {
  const { person } = me();
  const account = state.system.accounts.find(({ telegram_id: id }) => id === person.telegram_id);
  const { bonus, paid, held } = account ?? { bonus: 0, paid: 0, held: 0 };
  const give = h("button", {
    type: "button",
    class: "button",
    disabled: !state.process,
    onclick: async (event) => {
      const button = event.currentTarget;
      button.disabled = true;
      await giveCredits();
      button.disabled = false;
    },
  }, icon("gift"), "Give 500 credits");
  return h("div", { class: "balance" },
    h("p", { class: "balance-name" }, `${person.first_name} can spend`),
    h("p", { class: "balance-total" }, figure(bonus + paid), h("small", {}, " credits")),
    h("dl", {}, [["bonus", bonus], ["paid", paid], ["held", held]].map(([name, value]) =>
      h("div", {}, h("dt", {}, name), h("dd", {}, figure(value))))),
    give);
}

function entry(line) {
  const spendable = line.bonus + line.paid;
  const shown = spendable === 0 ? line.amount : spendable;
  const tone = spendable > 0 ? "plus" : spendable < 0 ? "minus" : "";
  const sign = spendable > 0 ? "+" : spendable < 0 ? "−" : "";
  return h("div", { class: "line" },
    h("span", {}, WORDS[line.kind] ?? line.kind),
    h("span", { class: `number ${tone}` }, `${sign}${figure(Math.abs(shown))}`),
    h("span", { class: "soft", title: line.key }, line.key),
    h("span", { class: "soft" }, second(line.at)));
}

export function moneyPane(pane) {
  const draw = () => {
    if (!me()) return;
    const mine = state.system.ledger.filter(({ telegram_id: id }) => id === null || id === undefined || id === state.current);
    const nothing = state.system.unavailable ? capitalised(state.system.unavailable) : "No credits have moved yet.";
    pane.replaceChildren(
      balance(),
      h("h3", {}, "Ledger"),
      mine.length > 0 ? h("div", { class: "lines" }, mine.slice(0, 100).map(entry)) : empty("coins", nothing));
  };
  on("system", draw);
  on("person", draw);
  on("process", draw);
}

const capitalised = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;
