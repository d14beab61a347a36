"""The node: seeds what publishers its owner trusts have sealed."""
