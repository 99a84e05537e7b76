"""A team with a long history, all of it invented: to try the library, its search and its charts at size."""
