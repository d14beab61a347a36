// What can be wrong with a seal; the names are those of the Python code.

// The words open it, but what is inside does not hold together.
export class Forged extends Error {}

// Made by somebody who knew the words, with a key that is not the publisher's.
export class ForeignKey extends Forged {}

// Signed with a key that the publisher calls stolen.
export class StolenKey extends Forged {}

export class NewerFormat extends Error {}

// Something typed in is not what it must be. `fact` names a text; `facts` fill its gaps.
export class Mistyped extends Error {
  constructor(fact, facts = {}) {
    super(fact);
    this.fact = fact;
    this.facts = facts;
  }
}

// The reader pressed "stop".
export class Stopped extends Error {}
