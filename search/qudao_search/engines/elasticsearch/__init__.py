"""The engine in a cluster. It is told of changes through ``Pending`` and rebuilt beside the index that serves.

Only what every distribution of Elasticsearch has is used: no plugin, no script, no reindexing inside the cluster.
"""
