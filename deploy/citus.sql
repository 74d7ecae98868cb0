-- How the tables are spread over several PostgreSQL servers with the Citus extension. Run once on the coordinator, after
-- `bot migrate up`, while no bot runs: psql "$AISHA_DATABASE__URL" -f deploy/citus.sql
-- architecture.md ("From one server to many") says when and how. A test holds this list to the schema.

BEGIN;
CREATE EXTENSION IF NOT EXISTS citus;

-- What belongs to an account lies together on one worker, so that a unit of work is a transaction of that worker.
SELECT create_distributed_table('accounts', 'account_id');
SELECT create_distributed_table('avatar_photos', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('avatars', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('balances', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('erasures', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('exports', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('gallery_items', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('generations', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('help_quotas', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('help_requests', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('holds', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('jobs', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('ledger_entries', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('refusal_pauses', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('refusals', 'account_id', colocate_with => 'accounts');
SELECT create_distributed_table('spend_days', 'account_id', colocate_with => 'accounts');

-- Conversations are known before the account is.
SELECT create_distributed_table('inbox', 'chat_id', colocate_with => 'none');

-- What is small, or leads to the account in the first place, stays on the coordinator.
SELECT citus_add_local_table_to_metadata('failure_references');
SELECT citus_add_local_table_to_metadata('failures');
SELECT citus_add_local_table_to_metadata('identities');
SELECT citus_add_local_table_to_metadata('invites');
SELECT citus_add_local_table_to_metadata('leases');
SELECT citus_add_local_table_to_metadata('pause_news');
SELECT citus_add_local_table_to_metadata('pauses');
SELECT citus_add_local_table_to_metadata('provider_callbacks');
SELECT citus_add_local_table_to_metadata('spend_totals');
SELECT citus_add_local_table_to_metadata('sweep_marks');
SELECT citus_add_local_table_to_metadata('training_callbacks');
SELECT citus_add_local_table_to_metadata('training_durations');
SELECT citus_add_local_table_to_metadata('welcome_digests');

COMMIT;
