create table t (a int primary key, b text); insert into t values (1, 'x');
