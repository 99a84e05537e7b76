"""Things that belong together pairwise, as groups: disjoint sets, with paths halved on the way to a root."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class DisjointSets(Generic[T]):
    """Each member is a group of its own until it is joined with another."""

    def __init__(self, members: Iterable[T] = ()) -> None:
        self._parents = {member: member for member in members}

    def __contains__(self, member: T) -> bool:
        return member in self._parents

    def __iter__(self) -> Iterator[T]:
        return iter(self._parents)

    def add(self, member: T) -> None:
        self._parents.setdefault(member, member)

    def root(self, member: T) -> T:
        """The member that stands for the whole group."""
        parents = self._parents
        while parents[member] != member:
            parents[member] = parents[parents[member]]
            member = parents[member]
        return member

    def join(self, one: T, other: T) -> None:
        """Makes one group of theirs, for which stands what stood for that of `one`."""
        self._parents[self.root(other)] = self.root(one)

    def groups(self) -> list[list[T]]:
        """All members, and the groups by their first ones, in the order in which they came."""
        found: dict[T, list[T]] = {}
        for member in self._parents:
            found.setdefault(self.root(member), []).append(member)
        return list(found.values())
